/// What pickles of well-known libraries call, and what does nothing but make an object of what it is given.
///
/// Found by pickling the libraries' own objects in every protocol and reading what these functions do; each is harmless whatever its arguments are,
/// except as ``ArgumentRules`` says. A callable among the arguments is an import of its own and judged by itself.
enum HarmlessCallables {
    /// Names that are harmless as they stand, called or not.
    static let names = NameTable(
        """
        builtins.{object,list,dict,tuple,set,frozenset,bytes,bytearray,str,int,float,complex,bool,slice,range,type,Ellipsis,NotImplemented,NoneType}
        builtins.{Exception,BaseException,ValueError,TypeError,KeyError,IndexError,RuntimeError,AttributeError,ArithmeticError,ZeroDivisionError}
        builtins.{NotImplementedError,StopIteration,OSError,FileNotFoundError,AssertionError,UserWarning,Warning,DeprecationWarning,FutureWarning}
        builtins.{property,staticmethod,classmethod,super,memoryview,UnicodeDecodeError,UnicodeEncodeError,LookupError,MemoryError,RecursionError}
        copyreg.{_reconstructor,__newobj__,__newobj_ex__} copy_reg._reconstructor
        _codecs.encode codecs.encode
        collections.{OrderedDict,defaultdict,Counter,deque,ChainMap,UserDict,UserList,UserString}
        datetime.{datetime,date,time,timedelta,timezone,tzinfo} zoneinfo.ZoneInfo zoneinfo.ZoneInfo._unpickle zoneinfo._unpickle
        decimal.{Decimal,Context} fractions.Fraction numbers.Number uuid.{UUID,SafeUUID} array.array array._array_reconstructor
        pathlib.{Path,PosixPath,PurePath,PurePosixPath,WindowsPath,PureWindowsPath} pathlib._local.{Path,PosixPath,PurePath,PurePosixPath,WindowsPath}
        ipaddress.{IPv4Address,IPv6Address,IPv4Network,IPv6Network,IPv4Interface,IPv6Interface}
        argparse.Namespace types.SimpleNamespace types.MappingProxyType time.struct_time string.Template random.Random re._compile re.RegexFlag
        enum.{Enum,IntEnum,Flag,IntFlag,StrEnum,auto} io.{BytesIO,StringIO} _io.{BytesIO,StringIO} queue.Queue
        threading.{Lock,RLock} _thread.{RLock,lock} typing.{Any,Union,Optional,List,Dict,Tuple,Callable,Generic,TypeVar}
        dataclasses.{_MISSING_TYPE,_HAS_DEFAULT_FACTORY_CLASS,Field} math.{pi,inf,nan} logging.getLogger functools.partial
        operator.{itemgetter,attrgetter} _operator.{itemgetter,attrgetter}
        weakref.WeakValueDictionary weakref.WeakKeyDictionary xml.etree.ElementTree.Element locale.str logging.Logger
        numpy.{ndarray,dtype,matrix,recarray,record,generic,number,void,object_,str_,bytes_,bool_,bool,float_,int_,complex_,string_,unicode_,datetime64,timedelta64}
        numpy.{float16,float32,float64,float128,longdouble,half,single,double,int8,int16,int32,int64,uint8,uint16,uint32,uint64,intc,intp,uint,uintc,uintp}
        numpy.{long,ulong,longlong,ulonglong,short,ushort,byte,ubyte,csingle,cdouble,clongdouble,complex64,complex128,complex256,floating,integer,inexact}
        numpy.{signedinteger,unsignedinteger,poly1d,broadcast,nditer,flatiter,inf,nan,newaxis} numpy._globals._NoValue numpy._globals._NoValueType
        numpy.core.multiarray.{_reconstruct,scalar,ndarray,dtype,array} numpy._core.multiarray.{_reconstruct,scalar,ndarray,dtype,array}
        numpy.core.numeric._frombuffer numpy._core.numeric._frombuffer numpy.core._internal._convert_to_stringdtype_kwargs
        numpy._core._internal._convert_to_stringdtype_kwargs numpy.core._internal._reconstruct_array
        numpy.core._ufunc_reconstruct numpy._core._ufunc_reconstruct
        numpy.ma.{MaskedArray,MaskedConstant} numpy.ma.core.{MaskedArray,MaskedConstant,_mareconstruct,_mvoid,mvoid,MaskedIterator}
        numpy.matrixlib.defmatrix.matrix numpy.rec.recarray numpy.core.records.{recarray,record} numpy._core.records.{recarray,record} numpy.dtypes.StringDType
        numpy.random._pickle.{__randomstate_ctor,__generator_ctor,__bit_generator_ctor} numpy.random.{RandomState,Generator,__RandomState_ctor}
        numpy.random.mtrand.{RandomState,_rand,__RandomState_ctor} numpy.random._mt19937.MT19937 numpy.random._pcg64.{PCG64,PCG64DXSM} numpy.random._philox.Philox
        numpy.random._sfc64.SFC64 numpy.random._generator.Generator numpy.random.bit_generator.{SeedSequence,__pyx_unpickle_SeedSequence,__pyx_unpickle_BitGenerator}
        pandas.{DataFrame,Series,Index,RangeIndex,MultiIndex,DatetimeIndex,TimedeltaIndex,PeriodIndex,IntervalIndex,CategoricalIndex,Categorical,StringDtype}
        pandas.{Timestamp,Timedelta,Period,Interval,NaT,NA,CategoricalDtype,PeriodDtype,IntervalDtype,SparseDtype,DatetimeTZDtype,StringArray,Int32Dtype,Float32Dtype,UInt8Dtype,Int64Dtype,Float64Dtype,BooleanDtype,UInt64Dtype,Int64Index,Float64Index,UInt64Index}
        pandas._libs.arrays.__pyx_unpickle_NDArrayBacked pandas._libs.internals.{_unpickle_block,BlockPlacement,BlockManager,__pyx_unpickle_BlockManager}
        pandas._libs.tslibs.timestamps.{Timestamp,_unpickle_timestamp} pandas._libs.tslibs.timedeltas.{Timedelta,_timedelta_unpickle}
        pandas._libs.tslibs.nattype.{NaTType,_nat_unpickle,__nat_unpickle} pandas._libs.tslibs.period.{Period,_period_unpickle} pandas._libs.missing.NAType
        pandas._libs.interval.{Interval,__pyx_unpickle_IntervalMixin} pandas._libs.properties.{CachedProperty,AxisProperty} pandas.compat.pickle_compat.load_reduce
        pandas._libs.tslibs.offsets.{BaseOffset,Day,Hour,Minute,Second,MonthEnd,MonthBegin,BusinessDay,Week,YearEnd,YearBegin,QuarterEnd,Milli,Micro,Nano}
        pandas.core.indexes.base.{_new_Index,Index} pandas.core.indexes.datetimes.{_new_DatetimeIndex,DatetimeIndex} pandas.core.indexes.period._new_PeriodIndex pandas.core.indexes.interval._new_IntervalIndex
        pandas._libs.sparse.{IntIndex,BlockIndex,__pyx_unpickle_IntIndex} pandas.core.indexes.range.RangeIndex pandas._libs.tslibs.offsets._offsets.BaseOffset
        pandas.core.internals.managers.{BlockManager,SingleBlockManager,_unpickle_block} pandas.core.internals.blocks.new_block pandas.core.dtypes.dtypes.CategoricalDtype
        scipy.special._ufuncs.{expit,logit} scipy.interpolate._interpolate.interp1d scipy.interpolate.interpolate.interp1d
        scipy.sparse._csr.{csr_matrix,csr_array} scipy.sparse._csc.{csc_matrix,csc_array} scipy.sparse._coo.{coo_matrix,coo_array} scipy.sparse._lil.{lil_matrix,lil_array}
        scipy.sparse._dok.{dok_matrix,dok_array} scipy.sparse._bsr.{bsr_matrix,bsr_array} scipy.sparse._dia.{dia_matrix,dia_array} scipy.sparse.{csr_matrix,csc_matrix,coo_matrix}
        scipy.sparse.csr.csr_matrix scipy.sparse.csc.csc_matrix scipy.sparse.coo.coo_matrix scipy.sparse.lil.lil_matrix scipy.sparse.dok.dok_matrix scipy.sparse.bsr.bsr_matrix
        scipy.sparse.dia.dia_matrix scipy.stats._distn_infrastructure.rv_frozen scipy.stats._continuous_distns.norm_gen numpy.lib.polynomial.poly1d numpy.lib._polynomial_impl.poly1d
        scipy.spatial._ckdtree.cKDTree scipy.spatial.ckdtree.cKDTree
        sklearn._loss._loss.{CyHalfSquaredError,CyAbsoluteError,CyPinballLoss,CyHuberLoss,CyHalfPoissonLoss,CyHalfGammaLoss,CyHalfTweedieLoss}
        sklearn._loss._loss.{CyHalfTweedieLossIdentity,CyHalfBinomialLoss,CyHalfMultinomialLoss,CyExponentialLoss}
        sklearn.neighbors._kd_tree.{KDTree,newObj,KDTree64,KDTree32} sklearn.neighbors._ball_tree.{BallTree,newObj,BallTree64,BallTree32}
        sklearn.neighbors.{kd_tree.newObj,ball_tree.newObj} sklearn.neighbors._quad_tree._QuadTree
        sklearn.metrics._dist_metrics.newObj sklearn.neighbors.dist_metrics.newObj sklearn.neighbors._dist_metrics.newObj
        sklearn.utils._random.DEFAULT_SEED sklearn.linear_model._sgd_fast.{Log,Hinge,SquaredLoss,Huber} sklearn.tree.tree.DecisionTreeClassifier
        sklearn.utils._bunch.Bunch sklearn.utils.Bunch sklearn.datasets.base.Bunch sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper
        sklearn.externals.joblib.numpy_pickle.NDArrayWrapper joblib.numpy_pickle.{NumpyArrayWrapper,NDArrayWrapper,ZNDArrayWrapper} joblib.numpy_pickle_compat.{NDArrayWrapper,ZNDArrayWrapper}
        joblib.memory.{Memory,MemorizedFunc,NotMemorizedFunc} sklearn.utils._param_validation.Interval
        xgboost.core.{Booster,DMatrix} xgboost.compat.XGBoostLabelEncoder xgboost.callback.EarlyStopping
        lightgbm.basic.{Booster,Dataset,_InnerPredictor} lightgbm.callback.CallbackEnv catboost.core.{CatBoost,Pool,_catboost}
        torch.Size torch.device torch.dtype torch.Tensor torch.Generator torch.UntypedStorage torch.TypedStorage torch.SymInt torch.finfo torch.iinfo torch.layout
        torch.{float,float16,float32,float64,double,half,bfloat16,int,int8,int16,int32,int64,long,short,uint8,uint16,uint32,uint64,bool,complex64,complex128,cfloat}
        torch.{cdouble,complex32,qint8,quint8,qint32,quint4x2,quint2x4,float8_e4m3fn,float8_e5m2,float8_e4m3fnuz,float8_e5m2fnuz,float8_e8m0fnu,bits8,chalf}
        torch.{strided,sparse_coo,sparse_csr,sparse_csc,sparse_bsr,sparse_bsc,contiguous_format,channels_last,preserve_format,per_tensor_affine,per_channel_affine}
        torch.{per_tensor_symmetric,per_channel_symmetric,per_channel_affine_float_qparams}
        torch.{FloatStorage,DoubleStorage,HalfStorage,BFloat16Storage,LongStorage,IntStorage,ShortStorage,CharStorage,ByteStorage,BoolStorage}
        torch.{ComplexFloatStorage,ComplexDoubleStorage,QInt8Storage,QUInt8Storage,QInt32Storage,QUInt4x2Storage,QUInt2x4Storage}
        torch.{FloatTensor,DoubleTensor,HalfTensor,BFloat16Tensor,LongTensor,IntTensor,ShortTensor,CharTensor,ByteTensor,BoolTensor}
        torch.cuda.{FloatStorage,DoubleStorage,HalfStorage,BFloat16Storage,LongStorage,IntStorage,ShortStorage,CharStorage,ByteStorage,BoolStorage}
        torch.cuda.{FloatTensor,DoubleTensor,HalfTensor,BFloat16Tensor,LongTensor,IntTensor,ByteTensor,BoolTensor}
        torch.storage.{UntypedStorage,TypedStorage,_LegacyStorage,_UntypedStorage,_TypedStorage,_load_from_bytes}
        torch._utils.{_rebuild_tensor,_rebuild_tensor_v2,_rebuild_tensor_v3,_rebuild_parameter,_rebuild_parameter_with_state,_rebuild_parameter_v2}
        torch._utils.{_rebuild_sparse_tensor,_rebuild_sparse_csr_tensor,_rebuild_nested_tensor,_rebuild_qtensor,_rebuild_meta_tensor_no_storage}
        torch._utils.{_rebuild_device_tensor_from_numpy,_rebuild_device_tensor_from_cpu_tensor,_rebuild_xla_tensor,_set_obj_state,_rebuild_wrapper_subclass}
        torch._tensor.{_rebuild_from_type,_rebuild_from_type_v2,Tensor} torch.tensor._rebuild_from_type torch.serialization._get_layout
        torch.nn.parameter.{Parameter,UninitializedParameter,Buffer,UninitializedBuffer} torch.nn.Parameter torch._C.{Size,device,Generator,_TensorBase}
        torch._C._nn.{gelu,linear,softplus,softshrink,leaky_relu,silu,hardtanh,log_sigmoid}
        torch._C.{TensorType,FloatType,IntType,BoolType,NoneType,OptionalType,ListType,DictType,TupleType,StringType,AnyType}
        torch.distributed._tensor.api.DTensor torch.distributed.tensor.DTensor torch.distributed.device_mesh.DeviceMesh
        torch.distributed.tensor.placement_types.{Shard,Replicate,Partial} torch.distributed._tensor.placement_types.{Shard,Replicate,DTensorSpec,TensorMeta}
        torch.nested._internal.nested_tensor.{NestedTensor,_rebuild_njt} torch._dynamo.decorators._DimRange torch.ScriptObject torch._C._VariableFunctionsClass
        torch.nn.utils.rnn.PackedSequence numpy.vectorize builtins.iter
        torch.jit._pickle.{build_intlist,build_doublelist,build_boollist,build_tensorlist,build_tensor_from_id,restore_type_tag}
        transformers.utils.generic.ModelOutput transformers.file_utils.ModelOutput transformers.training_args.OptimizerNames
        transformers.tokenization_utils_base.{BatchEncoding,AddedToken} tokenizers.{AddedToken,Tokenizer,Encoding} tokenizers.models.Model
        keras.src.saving.keras_saveable.KerasSaveable._unpickle_model keras.saving.pickle_utils.deserialize_model_from_bytecode
        omegaconf.base.{ContainerMetadata,Metadata,Node} omegaconf.{DictConfig,ListConfig} argparse.ArgumentParser
        PIL.Image.Image PIL.PngImagePlugin.PngImageFile networkx.classes.graph.Graph gensim.utils.SaveLoad
        """)

    /// Modules whose classes are harmless: what a library's own objects are made of. Lower-case names in them are not meant.
    static let classModules = NameTable(
        """
        sklearn.{linear_model,ensemble,tree,svm,naive_bayes,neighbors,cluster,decomposition,preprocessing,pipeline,compose,feature_extraction,feature_selection}
        sklearn.{impute,manifold,mixture,gaussian_process,neural_network,discriminant_analysis,cross_decomposition,covariance,kernel_approximation,kernel_ridge}
        sklearn.{model_selection,multiclass,multioutput,calibration,isotonic,random_projection,semi_supervised,dummy,metrics,_loss,frozen,inspection,base}
        sklearn.utils.{_tags,_metadata_requests,_set_output,_estimator_html_repr,deprecation,_repr_html,_openmp_helpers,fixes,_fast_dict,_isotonic,_bunch}
        sklearn.utils.arrayfuncs sklearn.callback imblearn.{pipeline,over_sampling,under_sampling,combine,ensemble}
        scipy.sparse scipy.stats scipy.interpolate scipy.spatial scipy.optimize scipy.linalg
        numpy.dtypes numpy.random numpy.polynomial numpy.ma.core numpy.core.numerictypes numpy._core.numerictypes
        pandas.core pandas.arrays pandas.api pandas._libs.tslibs.offsets pandas.tseries pandas.indexes pandas._config
        xgboost.sklearn xgboost.core xgboost.callback lightgbm.sklearn lightgbm.basic catboost.core ngboost hdbscan umap pygam
        torch.nn.modules torch.nn.parallel torch.nn.utils.parametrizations torch.nn.utils.weight_norm torch.nn.utils.spectral_norm torch.nn.utils.parametrize
        torch.optim torch.distributions torch.quantization torch.ao.quantization torch.ao.nn torch.nn.quantized torch.nn.intrinsic torch.nn.qat torch.nn.quantizable
        torch.utils.data.{dataset,sampler,dataloader,distributed} torch.cuda.amp.grad_scaler torch.amp.grad_scaler torch.utils.hooks torch.nn.attention torch.masked torch.nn.utils.prune torch.distributed.checkpoint torch.distributed.tensor torch.distributed._shard
        torch.distributed._tensor
        torchvision.{models,transforms,ops,datasets.folder,tv_tensors} torchaudio.{models,transforms} torchtext.vocab torchmetrics timm.{models,layers,optim,scheduler,data}
        ultralytics.{nn,utils,yolo,models} models.{common,yolo,experimental} utils.loss
        transformers.{training_args,training_args_seq2seq,trainer_utils,trainer_pt_utils,trainer_callback,tokenization_utils,tokenization_utils_base,tokenization_utils_fast}
        transformers.{configuration_utils,generation,optimization,integrations,modeling_utils,modeling_outputs,activations,file_utils,debug_utils,hf_argparser}
        transformers.{feature_extraction_utils,image_processing_utils,processing_utils,pytorch_utils,adapters,data.data_collator,quantizers}
        transformers.utils.{quantization_config,generic,import_utils} accelerate.{state,utils,parallelism_config} trl peft diffusers.{models,schedulers,configuration_utils}
        deepspeed.{runtime.config,runtime.zero,runtime.fp16,utils} bitsandbytes.nn sentence_transformers.{models,losses,readers,util,trainer,training_args}
        tokenizers pytorch_lightning.{callbacks,utilities,loggers,core,trainer,strategies} lightning.pytorch.{callbacks,utilities,loggers,core,trainer,strategies}
        lightning_fabric fastai.{data,layers,learner,callback,vision,text,tabular,losses,metrics,optimizer} fastcore.{foundation,transform,dispatch,basics,xtras}
        keras.src.{layers,models,optimizers,losses,metrics,initializers,regularizers,constraints} tensorflow.python.keras.{layers,engine,optimizer_v2}
        omegaconf yacs.config easydict addict.addict box statsmodels.{genmod,regression,discrete,base,tsa,iolib,tools,stats} networkx.classes
        gensim.{models,corpora,utils} spacy.{vocab,tokens,lang} flair.{data,embeddings,nn,models} stable_baselines3.{common,ppo,dqn,sac,a2c,td3}
        gym.spaces gymnasium.spaces detectron2.{structures,config} mmengine.{config,logging,runner,dist} mmcv.{utils,runner} fairseq.{data,tasks,models,dataclass,meters}
        monai.{networks,transforms,data,losses} skorch optuna.{trial,study,distributions,samplers,pruners} hyperopt.base ray.tune.{trial,sample}
        datasets.{features,splits,info,arrow_dataset,table} pyarrow.lib polars geopandas shapely.geometry surprise lightfm implicit
        """)

    /// Parts of a path that make what lies below them no part of a library's objects.
    private static let excludedParts: Set<String> = [
        "testing", "_testing", "tests", "test", "externals", "conftest", "setup", "distutils", "f2py", "io", "cli", "hub",
        "package", "cpp_extension", "ctypeslib",
        "_inductor", "_dynamo", "fx", "rpc", "pipelines", "agents", "tools", "commands", "benchmark", "rag", "transfo_xl",
        "dynamic_module_utils", "npyio",
    ]

    /// Functions that compute a value: harmless among values, where an estimator keeps its key function or its default. No pickler calls them.
    static let valueFunctions = NameTable(
        """
        builtins.{len,sum,min,max,abs,round,sorted,repr,hash,any,all,reversed,zip,enumerate,isinstance,divmod,pow,chr,ord,bin,hex,oct,format}
        operator.{add,sub,mul,truediv,eq,ne,lt,gt,le,ge,neg,and_,or_} _operator.{add,sub,mul,truediv,eq,ne,lt,gt,le,ge,neg,and_,or_}
        math.{sqrt,log,exp,sin,cos,tan,tanh,floor,ceil,isnan,log1p,expm1,log2,log10,fabs,pow,atan,isfinite,isinf}
        string.{capwords} unicodedata.normalize time.time copy.{copy,deepcopy} builtins.str.{lower,upper,strip,split} statistics.{mean,median}
        torch.{relu,tanh,sigmoid,softmax,erf,exp,log,sin,cos,abs,sqrt,sum,mean,nn.functional.gelu}
        """)

    /// Modules whose functions may be referred to, and not called: metrics, activations, kernels.
    static let functionModules = NameTable(
        """
        sklearn.metrics sklearn.feature_selection sklearn.preprocessing sklearn.gaussian_process.kernels sklearn.utils.validation scipy.special scipy.stats
        scipy.spatial.distance sklearn.feature_extraction.text sklearn.model_selection._search sklearn.model_selection._split sklearn.utils.fixes
        torch.nn.functional torch.nn.init torch.special torchvision.transforms.functional torchvision.transforms.v2.functional sklearn.covariance
        torch.nn.modules torch.optim.lr_scheduler torch.ao.quantization torch.quantization transformers.activations scipy.optimize numpy.linalg numpy.fft
        """)

    /// Functions of NumPy that compute and do nothing else.
    static let numericFunctions = NameTable(
        """
        abs absolute add all amax amin angle any append arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort around array array_equal asarray
        average bincount cbrt ceil clip column_stack concatenate conj convolve copy corrcoef cos cosh count_nonzero cov cumprod cumsum deg2rad degrees diag diff digitize
        divide dot empty equal exp exp2 expand_dims expm1 eye fabs flip float_power floor floor_divide fmax fmin fmod full greater greater_equal heaviside histogram hstack
        hypot identity imag inner interp invert isclose isfinite isinf isnan kron less less_equal linspace log log10 log1p log2 logaddexp logical_and logical_not
        logical_or logical_xor logspace matmul max maximum mean median meshgrid min minimum mod moveaxis multiply nan_to_num nanmax nanmean nanmedian nanmin nanstd nansum
        nanvar negative norm not_equal ones ones_like outer percentile positive power prod ptp quantile rad2deg radians ravel real reciprocal remainder repeat reshape rint
        roll round searchsorted sign signbit sin sinc sinh sort sqrt square squeeze stack std subtract sum swapaxes take tan tanh tensordot tile trace transpose tril triu
        true_divide trunc unique unwrap var vdot vstack where zeros zeros_like
        """)

    /// Whether a class of that module is one of a library's own harmless ones.
    static func isClass(_ module: String, _ name: String) -> Bool {
        guard QualifiedName.isClassLike(name) else { return false }
        let parts = module.split(separator: ".").map(String.init)
        guard !parts.contains(where: { excludedParts.contains($0) }) else { return false }
        if classModules.covers(module) { return true }
        guard parts.first == "transformers", parts.count > 2, parts[1] == "models", let last = parts.last else { return false }
        return ["configuration_", "modeling_", "tokenization_", "image_processing_", "feature_extraction_", "processing_"]
            .contains {
                last.hasPrefix($0)
            }
    }

    /// Whether a function may stand among values. Calling it is another thing.
    static func isFunctionValue(_ module: String, _ name: String) -> Bool {
        functionModules.covers(module) && !module.split(separator: ".").contains { excludedParts.contains(String($0)) }
            && !name.contains(".")
    }

    /// Whether it computes on arrays and does nothing else.
    static func isNumeric(_ module: String, _ name: String) -> Bool {
        [
            "numpy", "numpy.core._multiarray_umath", "numpy._core._multiarray_umath", "numpy.core.fromnumeric",
            "numpy._core.fromnumeric", "numpy.core.umath", "numpy._core.umath",
            "jax.numpy", "scipy.special", "scipy.special._ufuncs",
        ].contains(module) && (numericFunctions.contains(name) || module.hasPrefix("scipy.special") && !name.hasPrefix("_"))
    }
}
