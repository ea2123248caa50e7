"""Benign estimators of scikit-learn, XGBoost, LightGBM and CatBoost, fitted on a few random rows, by pickle and by joblib."""

import warnings

from .benign_data import _Cases

COMPRESSION = [None, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3), ("lz4", 3)]
SUFFIX = {None: "", "zlib": ".z", "gzip": ".gz", "bz2": ".bz2", "xz": ".xz", "lzma": ".lzma", "lz4": ".lz4"}


def joblib_bytes(value, compress, path):
    import joblib

    joblib.dump(value, path, compress=compress or 0)


def estimators():
    import numpy as np
    from sklearn import (
        calibration,
        cluster,
        compose,
        covariance,
        decomposition,
        discriminant_analysis,
        ensemble,
        feature_extraction,
        feature_selection,
        gaussian_process,
        impute,
        isotonic,
        kernel_ridge,
        linear_model,
        manifold,
        mixture,
        model_selection,
        naive_bayes,
        neighbors,
        neural_network,
        pipeline,
        preprocessing,
        svm,
        tree,
    )

    rng = np.random.default_rng(11)
    x = rng.normal(size=(40, 4))
    y = (x[:, 0] + x[:, 1] > 0).astype(int)
    z = x @ [1.0, 2.0, -1.0, 0.5]
    texts = ["the cat sat", "a dog ran far", "cats and dogs", "the end of it"] * 3
    kinds = [0, 1, 0, 1] * 3
    mixed = compose.ColumnTransformer(
        [
            ("num", preprocessing.StandardScaler(), [0, 1]),
            ("bin", preprocessing.KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf"), [2, 3]),
        ]
    )
    log = preprocessing.FunctionTransformer(np.log1p, np.expm1)
    rows = [
        ("linear-regression", linear_model.LinearRegression().fit(x, z)),
        ("logistic-regression", linear_model.LogisticRegression().fit(x, y)),
        ("ridge", linear_model.RidgeCV().fit(x, z)),
        ("lasso", linear_model.Lasso(0.1).fit(x, z)),
        ("sgd", linear_model.SGDClassifier(random_state=0).fit(x, y)),
        ("perceptron", linear_model.Perceptron().fit(x, y)),
        ("huber", linear_model.HuberRegressor().fit(x, z)),
        ("bayesian-ridge", linear_model.BayesianRidge().fit(x, z)),
        ("decision-tree", tree.DecisionTreeClassifier(random_state=0).fit(x, y)),
        ("random-forest", ensemble.RandomForestClassifier(5, random_state=0).fit(x, y)),
        ("extra-trees", ensemble.ExtraTreesRegressor(4, random_state=0).fit(x, z)),
        ("gradient-boosting", ensemble.GradientBoostingClassifier(n_estimators=4, random_state=0).fit(x, y)),
        ("hist-gradient-boosting", ensemble.HistGradientBoostingClassifier(max_iter=4, random_state=0).fit(x, y)),
        ("ada-boost", ensemble.AdaBoostClassifier(n_estimators=3, random_state=0).fit(x, y)),
        ("isolation-forest", ensemble.IsolationForest(n_estimators=5, random_state=0).fit(x)),
        (
            "voting",
            ensemble.VotingClassifier([("a", naive_bayes.GaussianNB()), ("b", tree.DecisionTreeClassifier(random_state=0))]).fit(x, y),
        ),
        ("stacking", ensemble.StackingRegressor([("r", linear_model.Ridge())]).fit(x, z)),
        ("bagging", ensemble.BaggingClassifier(n_estimators=3, random_state=0).fit(x, y)),
        ("svc", svm.SVC(probability=False).fit(x, y)),
        ("linear-svc", svm.LinearSVC().fit(x, y)),
        ("one-class-svm", svm.OneClassSVM().fit(x)),
        ("knn", neighbors.KNeighborsClassifier(3).fit(x, y)),
        ("kd-tree", neighbors.KDTree(x)),
        ("ball-tree", neighbors.BallTree(x)),
        ("kernel-density", neighbors.KernelDensity().fit(x)),
        ("lof", neighbors.LocalOutlierFactor(novelty=True).fit(x)),
        ("k-means", cluster.KMeans(3, n_init=1, random_state=0).fit(x)),
        ("dbscan", cluster.DBSCAN().fit(x)),
        ("birch", cluster.Birch(n_clusters=2).fit(x)),
        ("pca", decomposition.PCA(2).fit(x)),
        ("nmf", decomposition.NMF(2, random_state=0).fit(abs(x))),
        ("truncated-svd", decomposition.TruncatedSVD(2, random_state=0).fit(x)),
        ("lda-topics", decomposition.LatentDirichletAllocation(2, random_state=0, max_iter=2).fit(abs(x))),
        ("lda", discriminant_analysis.LinearDiscriminantAnalysis().fit(x, y)),
        ("gaussian-nb", naive_bayes.GaussianNB().fit(x, y)),
        ("gaussian-process", gaussian_process.GaussianProcessRegressor().fit(x, z)),
        ("mixture", mixture.GaussianMixture(2, random_state=0).fit(x)),
        ("mlp", neural_network.MLPClassifier((5,), max_iter=20, random_state=0).fit(x, y)),
        ("isotonic", isotonic.IsotonicRegression().fit(x[:, 0], z)),
        ("kernel-ridge", kernel_ridge.KernelRidge().fit(x, z)),
        ("covariance", covariance.EmpiricalCovariance().fit(x)),
        ("isomap", manifold.Isomap(n_neighbors=5).fit(x)),
        ("count-vectorizer", feature_extraction.text.CountVectorizer().fit(texts)),
        ("tf-idf", feature_extraction.text.TfidfVectorizer(ngram_range=(1, 2)).fit(texts)),
        ("hashing", feature_extraction.text.HashingVectorizer(n_features=16)),
        ("text-pipeline", pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB()).fit(texts, kinds)),
        ("standard-scaler", preprocessing.StandardScaler().fit(x)),
        ("one-hot", preprocessing.OneHotEncoder().fit([["a"], ["b"]])),
        ("label-encoder", preprocessing.LabelEncoder().fit(["x", "y"])),
        ("function-transformer", log),
        (
            "log-pipeline",
            pipeline.Pipeline(
                [("log", preprocessing.FunctionTransformer(np.abs)), ("scale", preprocessing.RobustScaler()), ("fit", linear_model.Ridge())]
            ).fit(x, z),
        ),
        ("column-transformer", mixed.fit(x)),
        ("feature-union", pipeline.FeatureUnion([("p", decomposition.PCA(1)), ("s", feature_selection.SelectKBest(k=1))]).fit(x, y)),
        ("imputer", impute.SimpleImputer().fit(x)),
        ("knn-imputer", impute.KNNImputer().fit(x)),
        ("grid-search", model_selection.GridSearchCV(linear_model.Ridge(), {"alpha": [0.1, 1.0]}, cv=2, scoring="r2").fit(x, z)),
        (
            "random-search",
            model_selection.RandomizedSearchCV(tree.DecisionTreeRegressor(), {"max_depth": [1, 2]}, n_iter=2, cv=2, random_state=0).fit(
                x, z
            ),
        ),
        ("calibrated", calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), cv=2).fit(x, y)),
        ("target-transform", compose.TransformedTargetRegressor(linear_model.Ridge(), func=np.sqrt, inverse_func=np.square).fit(x, abs(z))),
        ("select-k-best", feature_selection.SelectKBest(feature_selection.f_classif, k=2).fit(x, y)),
        ("k-fold", model_selection.StratifiedKFold(3, shuffle=True, random_state=1)),
        ("polynomial", preprocessing.PolynomialFeatures().fit(x)),
        ("quantile", preprocessing.QuantileTransformer(n_quantiles=10).fit(x)),
        ("scorer", __import__("sklearn.metrics", fromlist=["x"]).make_scorer(__import__("sklearn.metrics", fromlist=["x"]).f1_score)),
    ]
    for _, value in rows:
        _forget_times(value)
    return rows, (x, y, z)


def _forget_times(search):
    """Search results hold how long the fits took, which differs at every run."""
    for key, values in getattr(search, "cv_results_", {}).items():
        if key.endswith("_time"):
            values[:] = 0.0
    if hasattr(search, "refit_time_"):
        search.refit_time_ = 0.0


def add(corpus):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows, data = estimators()
        by_pickle = _Cases(corpus, "sklearn-pickle", "a scikit-learn object by pickle")
        for name, value in rows:
            by_pickle.dumps(name, value, by_pickle.count % 6, "model.pkl")
        _by_joblib(corpus, rows)
        _boosters(corpus, *data)


def _by_joblib(corpus, rows):
    for index, (name, value) in enumerate(rows):
        compress = COMPRESSION[index % len(COMPRESSION)]
        kind = compress[0] if compress else None
        if kind == "lz4":
            try:
                import lz4.frame  # noqa: F401
            except ImportError:
                compress = kind = None
        case = f"{index:03d}-{name}/model.joblib{SUFFIX[kind]}"
        path = corpus.benign_path("sklearn-joblib", case)
        joblib_bytes(value, compress, path)
        if kind == "gzip":
            _zero_gzip_time(path)
        corpus.benign_written(
            "sklearn-joblib", case, "container" if kind else "pickle", f"a scikit-learn object by joblib, {kind or 'uncompressed'}"
        )


def _zero_gzip_time(path):
    with open(path, "r+b") as file:
        if file.read(2) == b"\x1f\x8b":
            file.seek(4)
            file.write(bytes(4))


def _boosters(corpus, x, y, z):
    cases = _Cases(corpus, "boosters", "XGBoost, LightGBM and CatBoost models")
    try:
        import xgboost
    except ImportError:
        xgboost = None
    if xgboost:
        model = xgboost.XGBClassifier(n_estimators=3, max_depth=2, n_jobs=1).fit(x, y)
        for protocol in (2, 4, 5):
            cases.dumps("xgb-classifier", model, protocol, "model.pkl")
        cases.dumps("xgb-booster", model.get_booster(), 4, "booster.pkl")
        for extension in ("json", "ubj"):
            cases.add(f"xgb-{extension}/model.{extension}", bytes(model.get_booster().save_raw(extension)))
        case = "xgb-joblib/model.joblib"
        joblib_bytes(xgboost.XGBRegressor(n_estimators=2, n_jobs=1).fit(x, z), ("zlib", 3), corpus.benign_path("boosters", case))
        corpus.benign_written("boosters", case, "container", "XGBoost by joblib")
    try:
        import lightgbm
    except ImportError:
        lightgbm = None
    if lightgbm:
        model = lightgbm.LGBMClassifier(n_estimators=3, n_jobs=1, verbose=-1, min_child_samples=2).fit(x, y)
        for protocol in (3, 4):
            cases.dumps("lgbm-classifier", model, protocol, "model.pkl")
        cases.dumps("lgbm-booster", model.booster_, 5, "booster.pkl")
        cases.add("lgbm-text/model.txt", model.booster_.model_to_string())
    try:
        import catboost
    except ImportError:
        return
    model = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=False, allow_writing_files=False, random_seed=1, thread_count=1).fit(
        x, y
    )
    cases.dumps("catboost-classifier", model, 4, "model.pkl")
    case = "catboost-cbm/model.cbm"
    model.save_model(corpus.benign_path("boosters", case))
    corpus.benign_written("boosters", case, "format", "CatBoost's own form")
