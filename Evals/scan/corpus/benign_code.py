"""Benign Python, notebooks and shell: what people ordinarily keep next to models and datasets."""

import json

from .benign_data import _Cases
from .python_code import CONFIGURATION, DATASET, MODELING, TOKENIZATION, model_config, notebook

TRAIN = '''"""Fine-tunes a model."""
import argparse
import json
import logging
import os
import subprocess
from pathlib import Path

import torch
from torch.utils.data import DataLoader

logger = logging.getLogger(__name__)


def git_revision():
    try:
        return subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path(os.environ.get("OUTPUT_DIR", "out")))
    parser.add_argument("--lr", type=float, default=1e-3)
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.makedirs(options.output, exist_ok=True)
    rank = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", rank) if torch.cuda.is_available() else torch.device("cpu")
    model = torch.nn.Linear(4, 2).to(device)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.lr)
    for epoch in range(3):
        for batch in DataLoader(torch.load(options.data), batch_size=8):
            loss = model(batch.to(device)).sum()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    torch.save(model.state_dict(), options.output / "model.pt")
    (options.output / "run.json").write_text(json.dumps({"revision": git_revision(), "lr": options.lr}))


if __name__ == "__main__":
    main()
'''

FILES = {
    "training": [
        ("train.py", TRAIN),
        (
            "push_to_hub.py",
            "import os\n\nfrom huggingface_hub import HfApi, login\n\ntoken = os.environ['HF_TOKEN']\nlogin(token=token)\nHfApi(token=token).upload_folder(folder_path='out', repo_id='example/tiny')\n",
        ),
        (
            "train_wandb.py",
            "import os\n\nimport wandb\n\nwandb.login(key=os.environ.get('WANDB_API_KEY'))\nrun = wandb.init(project='tiny', config={'lr': 1e-3, 'epochs': 3})\nfor step in range(10):\n    wandb.log({'loss': 1 / (step + 1)})\nrun.finish()\n",
        ),
        (
            "download_data.py",
            "import os\nimport tarfile\nfrom pathlib import Path\n\nimport requests\nfrom tqdm import tqdm\n\nURL = 'https://data.example.invalid/cifar-10-python.tar.gz'\n\n\ndef download(url, target):\n    with requests.get(url, stream=True, timeout=60) as response:\n        response.raise_for_status()\n        with open(target, 'wb') as file:\n            for chunk in tqdm(response.iter_content(1 << 20)):\n                file.write(chunk)\n\n\nif __name__ == '__main__':\n    target = Path('data') / os.path.basename(URL)\n    target.parent.mkdir(exist_ok=True)\n    download(URL, target)\n    with tarfile.open(target) as archive:\n        archive.extractall('data', filter='data')\n",
        ),
        (
            "download_weights.py",
            "import hashlib\nimport urllib.request\n\nWEIGHTS = 'https://download.example.invalid/resnet18-f37072fd.pth'\n\n\ndef fetch(path='resnet18.pth'):\n    urllib.request.urlretrieve(WEIGHTS, path)\n    digest = hashlib.sha256(open(path, 'rb').read()).hexdigest()\n    assert digest.startswith('f37072fd'), digest\n    return path\n",
        ),
        (
            "launch.py",
            "import os\nimport subprocess\nimport sys\n\n\ndef main():\n    workers = int(os.environ.get('WORLD_SIZE', 1))\n    command = [sys.executable, '-m', 'torch.distributed.run', f'--nproc_per_node={workers}', 'train.py', *sys.argv[1:]]\n    return subprocess.call(command)\n\n\nif __name__ == '__main__':\n    sys.exit(main())\n",
        ),
        (
            "evaluate.py",
            "import ast\nimport json\n\nimport evaluate\n\nmetric = evaluate.load('accuracy')\nrows = [json.loads(line) for line in open('predictions.jsonl')]\nprint(metric.compute(predictions=[ast.literal_eval(row['p']) for row in rows], references=[row['y'] for row in rows]))\n",
        ),
        (
            "gpu_info.py",
            "import platform\nimport subprocess\n\n\ndef describe():\n    lines = subprocess.check_output(['nvidia-smi', '--query-gpu=name,memory.total', '--format=csv,noheader'], text=True).splitlines()\n    return {'host': platform.node(), 'python': platform.python_version(), 'gpus': lines}\n\n\nprint(describe())\n",
        ),
        (
            "export_onnx.py",
            "import torch\n\nmodel = torch.jit.load('scripted.pt').eval()\ntorch.onnx.export(model, torch.zeros(1, 3, 224, 224), 'model.onnx', opset_version=17, input_names=['x'])\n",
        ),
        (
            "convert_checkpoint.py",
            "import argparse\nimport pickle\n\nimport numpy as np\nimport torch\n\n\ndef convert(source, target):\n    with open(source, 'rb') as file:\n        weights = pickle.load(file, encoding='latin1')\n    torch.save({name: torch.from_numpy(np.asarray(value)) for name, value in weights.items()}, target)\n\n\nif __name__ == '__main__':\n    parser = argparse.ArgumentParser()\n    parser.add_argument('source')\n    parser.add_argument('target')\n    convert(**vars(parser.parse_args()))\n",
        ),
        (
            "inference.py",
            "import sys\n\nfrom transformers import pipeline\n\npipe = pipeline('text-classification', model='example/tiny', trust_remote_code=True)\nfor line in sys.stdin:\n    print(pipe(line.strip()))\n",
        ),
        (
            "api_client.py",
            "import os\n\nimport requests\n\nAPI = 'https://api-inference.example.invalid/models/tiny'\nHEADERS = {'Authorization': f\"Bearer {os.environ['HF_TOKEN']}\"}\n\n\ndef query(payload):\n    return requests.post(API, headers=HEADERS, json=payload, timeout=30).json()\n",
        ),
        (
            "openai_eval.py",
            "import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(api_key=os.getenv('OPENAI_API_KEY'))\nprint(client.chat.completions.create(model='gpt-4o-mini', messages=[{'role': 'user', 'content': 'hi'}]))\n",
        ),
        (
            "s3_sync.py",
            "import os\n\nimport boto3\n\ns3 = boto3.client('s3', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])\ns3.upload_file('out/model.pt', 'example-bucket', 'model.pt')\n",
        ),
        (
            "sweep.py",
            "import itertools\nimport os\n\nfor lr, seed in itertools.product((1e-3, 1e-4), range(3)):\n    os.system(f'python train.py --lr {lr} --seed {seed}')\n",
        ),
        (
            "app.py",
            "import gradio as gr\nfrom transformers import pipeline\n\npipe = pipeline('text-generation', 'example/tiny')\n\n\ndef answer(prompt, history):\n    return pipe(prompt)[0]['generated_text']\n\n\ngr.ChatInterface(answer).launch()\n",
        ),
        (
            "streamlit_app.py",
            "import base64\n\nimport streamlit as st\n\nst.title('Demo')\nlogo = base64.b64encode(open('logo.png', 'rb').read()).decode()\nst.markdown(f'<img src=\"data:image/png;base64,{logo}\">', unsafe_allow_html=True)\n",
        ),
        (
            "serve.py",
            "import socket\n\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/health')\ndef health():\n    return {'host': socket.gethostname()}\n\n\nif __name__ == '__main__':\n    uvicorn.run(app, host='0.0.0.0', port=8000)\n",
        ),
        (
            "distributed.py",
            "import os\nimport socket\n\nimport torch.distributed as dist\n\n\ndef free_port():\n    with socket.socket() as s:\n        s.bind(('', 0))\n        return s.getsockname()[1]\n\n\ndef setup(rank, world):\n    os.environ['MASTER_ADDR'] = 'localhost'\n    os.environ.setdefault('MASTER_PORT', str(free_port()))\n    dist.init_process_group('nccl', rank=rank, world_size=world)\n",
        ),
        (
            "registry.py",
            "import importlib\n\n_MODELS = {}\n\n\ndef register(name):\n    def wrap(cls):\n        _MODELS[name] = cls\n        return cls\n    return wrap\n\n\ndef build(name, **options):\n    return _MODELS[name](**options)\n\n\ndef build_from_path(path, **options):\n    module, _, attribute = path.rpartition('.')\n    return getattr(importlib.import_module(module), attribute)(**options)\n",
        ),
        (
            "compress_images.py",
            "import base64\nimport io\nimport zlib\n\nfrom PIL import Image\n\n\ndef decode(text):\n    return Image.open(io.BytesIO(zlib.decompress(base64.b64decode(text))))\n\n\nBLANK = 'eJztwTEBAAAAwqD1T20ND6AAAAAAAAAAAAAAgF8DAAEAAQ=='\n",
        ),
        (
            "metrics.py",
            "import math\n\n\ndef perplexity(losses):\n    return math.exp(sum(losses) / len(losses))\n\n\ndef evaluate(model, loader):\n    model.eval()\n    return perplexity([model(batch).item() for batch in loader])\n",
        ),
        (
            "compile_model.py",
            "import re\n\nimport torch\n\nPATTERN = re.compile(r'layer\\.(\\d+)')\nmodel = torch.compile(torch.nn.Linear(2, 2))\nmodel.eval()\n",
        ),
        (
            "setup_logging.py",
            "import atexit\nimport logging\nimport signal\nimport sys\n\nlogging.basicConfig(level=logging.INFO)\natexit.register(logging.shutdown)\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n",
        ),
        (
            "extensions.py",
            "from torch.utils.cpp_extension import load\n\n\ndef fused_ops():\n    return load(name='fused', sources=['csrc/fused.cpp', 'csrc/fused.cu'], extra_cuda_cflags=['-O3'])\n",
        ),
        (
            "lazy_import.py",
            "import importlib.util\nimport sys\n\n\ndef is_available(name):\n    return importlib.util.find_spec(name) is not None\n\n\nif is_available('flash_attn'):\n    from flash_attn import flash_attn_func\nelse:\n    flash_attn_func = None\n",
        ),
        (
            "plot.py",
            "import matplotlib.pyplot as plt\nimport pandas as pd\n\nframe = pd.read_csv('log.csv')\nframe.eval('ratio = train / valid').plot(x='step', y='ratio')\nplt.savefig('ratio.png')\n",
        ),
        (
            "tokenize_corpus.py",
            "import multiprocessing as mp\nfrom functools import partial\n\n\ndef count(text, lower=False):\n    return len((text.lower() if lower else text).split())\n\n\nif __name__ == '__main__':\n    with mp.Pool(4) as pool, open('corpus.txt') as file:\n        print(sum(pool.map(partial(count, lower=True), file)))\n",
        ),
        (
            "version.py",
            "import re\n\nwith open('tiny/__init__.py') as file:\n    __version__ = re.search(r\"__version__ = '(.*)'\", file.read()).group(1)\n",
        ),
        (
            "ffmpeg_audio.py",
            "import subprocess\n\nimport numpy as np\n\n\ndef load_audio(path, rate=16000):\n    command = ['ffmpeg', '-nostdin', '-i', path, '-f', 's16le', '-ac', '1', '-ar', str(rate), '-']\n    raw = subprocess.run(command, capture_output=True, check=True).stdout\n    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768\n",
        ),
        (
            "slack_notify.py",
            "import os\n\nimport requests\n\n\ndef notify(text):\n    url = os.environ.get('SLACK_WEBHOOK_URL')\n    if url:\n        requests.post(url, json={'text': text}, timeout=10)\n",
        ),
        (
            "test_model.py",
            "import pickle\n\nimport pytest\n\n\n@pytest.mark.parametrize('protocol', range(6))\ndef test_round_trip(protocol):\n    value = {'a': [1, 2, 3]}\n    assert pickle.loads(pickle.dumps(value, protocol)) == value\n",
        ),
        (
            "conf.py",
            "import os\nimport sys\n\nsys.path.insert(0, os.path.abspath('..'))\nproject = 'tiny'\nextensions = ['sphinx.ext.autodoc']\n",
        ),
        (
            "calculator_tool.py",
            "import ast\nimport operator\n\n_OPS = {ast.Add: operator.add, ast.Mult: operator.mul}\n\n\ndef calculate(text):\n    def walk(node):\n        if isinstance(node, ast.Constant):\n            return node.value\n        return _OPS[type(node.op)](walk(node.left), walk(node.right))\n    return walk(ast.parse(text, mode='eval').body)\n",
        ),
        (
            "chr_table.py",
            "def bytes_to_unicode():\n    codes = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))\n    chars = codes[:]\n    extra = 0\n    for code in range(256):\n        if code not in codes:\n            codes.append(code)\n            chars.append(256 + extra)\n            extra += 1\n    return dict(zip(codes, map(chr, chars)))\n",
        ),
        (
            "named_expression.py",
            "from collections import namedtuple\n\nPoint = namedtuple('Point', 'x y')\n\n\ndef __getattr__(name):\n    if name == 'VERSION':\n        return '1.0'\n    raise AttributeError(name)\n",
        ),
    ],
}
DATASETS = [
    ("csv", ""),
    (
        "license-note",
        "_LICENSE = 'https://creativecommons.org/licenses/by/4.0/'\n_CITATION = '''@article{example, title={eval and exec}}'''\n",
    ),
    ("requires-check", "try:\n    import sentencepiece\nexcept ImportError:\n    sentencepiece = None\n"),
    ("urls", "_URLS = {'train': 'https://data.example.invalid/train.csv', 'test': 'https://data.example.invalid/test.csv'}\n"),
    ("logger", "logger = datasets.logging.get_logger(__name__)\n"),
]
MODELS = [
    ("plain", "", ""),
    ("logger", "from transformers.utils import logging\n\nlogger = logging.get_logger(__name__)\n", ""),
    ("flash", "try:\n    from flash_attn import flash_attn_func\nexcept ImportError:\n    flash_attn_func = None\n", ""),
    ("init-weights", "import math\n", "        nn.init.normal_(self.embed.weight, std=1 / math.sqrt(config.hidden_size))\n"),
    ("environment", "import os\n\n_CHUNK = int(os.environ.get('TINY_CHUNK', '128'))\n", ""),
    ("buffers", "", "        self.register_buffer('positions', torch.arange(64), persistent=False)\n        self.eval()\n"),
]


def add(corpus):
    training(corpus)
    packages(corpus)
    notebooks(corpus)
    scripts(corpus)


def training(corpus):
    cases = _Cases(corpus, "ordinary-python", "training, evaluation, download and serving scripts", "python")
    for name, text in FILES["training"]:
        cases.add(f"{name.removesuffix('.py').replace('_', '-')}/{name}", text)


def packages(corpus):
    cases = _Cases(corpus, "model-packages", "models with remote code, as their authors publish them", "python")
    for name, head, late in MODELS:
        cases.add(
            f"modeling-{name}",
            {
                "config.json": model_config(),
                "configuration_tiny.py": CONFIGURATION.format(snippet="", late=""),
                "modeling_tiny.py": MODELING.format(snippet=head, late=late),
                "README.md": "# Tiny\n",
            },
        )
    cases.add(
        "tokenizer",
        {
            "tokenizer_config.json": json.dumps({"auto_map": {"AutoTokenizer": ["tokenization_tiny.TinyTokenizer", None]}}),
            "tokenization_tiny.py": TOKENIZATION.format(
                snippet="import os\nimport json\n",
                late="        with open(os.path.join(os.path.dirname(__file__), 'vocab.json')) as file:\n            self.vocab = json.load(file)\n",
            ),
            "vocab.json": '{"a": 0}',
        },
    )
    cases.add(
        "handler",
        {
            "handler.py": "from typing import Any, Dict\n\nfrom transformers import pipeline\n\n\nclass EndpointHandler:\n    def __init__(self, path=''):\n        self.pipe = pipeline('text-generation', path)\n\n    def __call__(self, data: Dict[str, Any]):\n        return self.pipe(data.pop('inputs', data))\n",
            "requirements.txt": "transformers\n",
        },
    )
    cases.add(
        "hubconf",
        {
            "hubconf.py": "dependencies = ['torch']\nimport torch\n\n\ndef tiny(pretrained=False, **kwargs):\n    model = torch.nn.Linear(2, 2)\n    if pretrained:\n        model.load_state_dict(torch.hub.load_state_dict_from_url('https://download.example.invalid/tiny.pth', progress=True))\n    return model\n"
        },
    )
    cases.add(
        "custom-pipeline",
        {
            "pipeline.py": "import torch\nfrom diffusers import DiffusionPipeline\n\n\nclass TinyPipeline(DiffusionPipeline):\n    @torch.no_grad()\n    def __call__(self, prompt, steps=20):\n        for _ in self.progress_bar(range(steps)):\n            pass\n        return prompt\n",
            "model_index.json": '{"_class_name": ["pipeline", "TinyPipeline"]}',
        },
    )
    datasets = _Cases(corpus, "dataset-packages", "dataset loading scripts, as their authors publish them", "python")
    for name, head in DATASETS:
        datasets.add(
            f"loading-script-{name}",
            {"questions.py": DATASET.format(head="", snippet=head, late=""), "README.md": "# Questions\n", "dataset_infos.json": "{}"},
        )
    datasets.add(
        "archive-iteration",
        {
            "images.py": "import datasets\n\n\nclass Images(datasets.GeneratorBasedBuilder):\n    def _info(self):\n        return datasets.DatasetInfo(features=datasets.Features({'image': datasets.Image()}))\n\n    def _split_generators(self, dl_manager):\n        archive = dl_manager.download('https://data.example.invalid/images.tar.gz')\n        return [datasets.SplitGenerator(name='train', gen_kwargs={'files': dl_manager.iter_archive(archive)})]\n\n    def _generate_examples(self, files):\n        for index, (path, file) in enumerate(files):\n            yield index, {'image': {'path': path, 'bytes': file.read()}}\n",
            "README.md": "# Images\n",
        },
    )
    datasets.add(
        "pickle-reader",
        {
            "cifar.py": "import pickle\n\nimport datasets\n\n\nclass Cifar(datasets.GeneratorBasedBuilder):\n    def _info(self):\n        return datasets.DatasetInfo(features=datasets.Features({'label': datasets.Value('int32')}))\n\n    def _split_generators(self, dl_manager):\n        archive = dl_manager.download('https://data.example.invalid/cifar-100-python.tar.gz')\n        return [datasets.SplitGenerator(name='train', gen_kwargs={'files': dl_manager.iter_archive(archive)})]\n\n    def _generate_examples(self, files):\n        for path, file in files:\n            if path == 'cifar-100-python/train':\n                rows = pickle.load(file, encoding='bytes')\n                for index, label in enumerate(rows[b'fine_labels']):\n                    yield index, {'label': label}\n",
            "README.md": "# CIFAR\n",
        },
    )
    setups = _Cases(corpus, "setup-scripts", "ordinary setup.py files", "python")
    rows = [
        (
            "plain",
            "from setuptools import find_packages, setup\n\nsetup(name='tiny', version='1.0', packages=find_packages(), install_requires=['torch'])\n",
        ),
        (
            "readme",
            "import os\nfrom setuptools import setup\n\nhere = os.path.dirname(__file__)\nwith open(os.path.join(here, 'README.md'), encoding='utf-8') as file:\n    long_description = file.read()\nsetup(name='tiny', version='1.0', long_description=long_description)\n",
        ),
        (
            "version-exec",
            "from setuptools import setup\n\nversion = {}\nwith open('tiny/version.py') as file:\n    exec(file.read(), version)\nsetup(name='tiny', version=version['__version__'])\n",
        ),
        (
            "git-version",
            "import subprocess\nfrom setuptools import setup\n\n\ndef revision():\n    try:\n        return subprocess.check_output(['git', 'rev-parse', '--short', 'HEAD']).decode().strip()\n    except Exception:\n        return '0'\n\n\nsetup(name='tiny', version='1.0+' + revision())\n",
        ),
        (
            "cuda-extension",
            "import os\n\nfrom setuptools import setup\nfrom torch.utils.cpp_extension import BuildExtension, CUDAExtension\n\nos.environ.setdefault('TORCH_CUDA_ARCH_LIST', '8.0')\nsetup(name='fused', ext_modules=[CUDAExtension('fused', ['csrc/fused.cu'])], cmdclass={'build_ext': BuildExtension})\n",
        ),
        (
            "test-command",
            "import subprocess\nimport sys\n\nfrom setuptools import Command, setup\n\n\nclass Test(Command):\n    user_options = []\n\n    def initialize_options(self):\n        pass\n\n    def finalize_options(self):\n        pass\n\n    def run(self):\n        sys.exit(subprocess.call([sys.executable, '-m', 'pytest']))\n\n\nsetup(name='tiny', version='1.0', cmdclass={'test': Test})\n",
        ),
    ]
    for name, text in rows:
        setups.add(
            name,
            {
                "setup.py": text,
                "tiny/__init__.py": "__version__ = '1.0'\n",
                "tiny/version.py": "__version__ = '1.0'\n",
                "README.md": "# tiny\n",
            },
        )


def notebooks(corpus):
    cases = _Cases(corpus, "notebooks", "ordinary notebooks", "python")
    rows = [
        ("pip-install", ["!pip install -q transformers datasets\n", "from transformers import pipeline\npipe = pipeline('fill-mask')\n"]),
        ("percent-pip", ["%pip install torch torchvision\n", "%matplotlib inline\nimport torch\n"]),
        ("wget-data", ["!wget -q https://data.example.invalid/train.csv\n", "import pandas as pd\npd.read_csv('train.csv').head()\n"]),
        ("nvidia-smi", ["!nvidia-smi\n", "import torch\nprint(torch.__version__)\n"]),
        (
            "git-clone",
            ["!git clone https://github.com/example/example.git\n%cd example\n!pip install -e .\n", "!python train.py --epochs 1\n"],
        ),
        ("login", ["from huggingface_hub import notebook_login\nnotebook_login()\n"]),
        (
            "colab-drive",
            [
                "from google.colab import drive, userdata\ndrive.mount('/content/drive')\nimport os\nos.environ['HF_TOKEN'] = userdata.get('HF_TOKEN')\n"
            ],
        ),
        ("plot", ["import numpy as np, matplotlib.pyplot as plt\nplt.plot(np.arange(10))\nplt.show()\n"]),
        ("bash-cell", ["%%bash\nmkdir -p data\ncd data && unzip -o ../data.zip\nls -la\n"]),
        ("timing", ["%%timeit\nsum(range(1000))\n", "%load_ext autoreload\n%autoreload 2\n"]),
        (
            "text-about",
            ["# This cell shows why exec(requests.get(url).text) is a bad idea; it is a comment.\nprint('exec is dangerous')\n"],
        ),
    ]
    for name, cells in rows:
        cases.add(f"{name}/demo.ipynb", notebook(*cells))
    page = json.loads(notebook("import pandas as pd\npd.DataFrame({'a': [1]})\n"))
    page["cells"][0]["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": {"text/html": ["<table><tr><td>1</td></tr></table>"], "text/plain": ["   a\n0  1"]},
        },
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo="}},
    ]
    cases.add("outputs/report.ipynb", json.dumps(page, indent=1), "with saved tables and pictures")


def scripts(corpus):
    cases = _Cases(corpus, "shell-scripts", "ordinary shell, batch and build files", "python")
    rows = [
        (
            "train.sh",
            '#!/bin/bash\nset -euo pipefail\nexport CUDA_VISIBLE_DEVICES=0,1\nexport WANDB_PROJECT=tiny\npython -m torch.distributed.run --nproc_per_node=2 train.py \\\n  --data data/train.csv \\\n  --lr 1e-4 "$@"\n',
        ),
        (
            "download.sh",
            "#!/bin/sh\nmkdir -p data\ncurl -L -o data/train.tar.gz https://data.example.invalid/train.tar.gz\nsha256sum -c checksums.txt\ntar xzf data/train.tar.gz -C data\n",
        ),
        ("setup_env.sh", "#!/bin/bash\npython3 -m venv .venv\nsource .venv/bin/activate\npip install -r requirements.txt\n"),
        ("slurm.sbatch", "#!/bin/bash\n#SBATCH --job-name=tiny\n#SBATCH --gres=gpu:4\nmodule load cuda/12.1\nsrun python train.py\n"),
        ("run.bat", "@echo off\r\ncall venv\\Scripts\\activate.bat\r\npython app.py %*\r\n"),
        ("Makefile", "test:\n\tpytest -q\n\nclean:\n\trm -rf build dist *.egg-info\n"),
        (
            "Dockerfile",
            'FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt && apt-get update && apt-get install -y curl\nCOPY . .\nCMD ["python", "serve.py"]\n',
        ),
        ("evaluate.sh", "#!/bin/bash\nfor seed in 1 2 3; do\n  python evaluate.py --seed $seed > logs/$seed.txt 2>&1 &\ndone\nwait\n"),
        ("upload.sh", '#!/bin/bash\nhuggingface-cli login --token "$HF_TOKEN"\nhuggingface-cli upload example/tiny out .\n'),
        (
            "convert.sh",
            "#!/bin/sh\npython convert_hf_to_gguf.py model --outfile model.gguf\n./llama-quantize model.gguf model-q4.gguf Q4_K_M\n",
        ),
        ("webui.ps1", "$env:PYTHONUTF8 = 1\n& .\\venv\\Scripts\\python.exe app.py @args\n"),
    ]
    for name, text in rows:
        cases.add(f"{name.replace('.', '-').lower()}/{name}", text)
