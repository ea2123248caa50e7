#### from_pretrained with a literal
from transformers import AutoModel, AutoTokenizer
tok = AutoTokenizer.from_pretrained("bert-base-uncased")  #> transformers.AutoTokenizer.from_pretrained("bert-base-uncased")
model = AutoModel.from_pretrained("bert-base-uncased", trust_remote_code=True)  #> transformers.AutoModel.from_pretrained("bert-base-uncased", trust_remote_code=true)
model.save_pretrained("out")  #> transformers.AutoModel.save_pretrained("out")

#### model name from a module constant and an f-string
import transformers as T
ORG, SIZE = "facebook", 125
name = f"{ORG}/opt-{SIZE}m"
T.AutoModelForCausalLM.from_pretrained(name)  #> transformers.AutoModelForCausalLM.from_pretrained("facebook/opt-125m")

#### model name from argparse
import argparse
from transformers import AutoModel
parser = argparse.ArgumentParser()
parser.add_argument("--model_name_or_path", type=str, default="roberta-base", help="h")
parser.add_argument("--cache_dir", default=None)
args = parser.parse_args()
AutoModel.from_pretrained(args.model_name_or_path, cache_dir=args.cache_dir)  #> transformers.AutoModel.from_pretrained("roberta-base", cache_dir=null)

#### model name from a dataclass passed to a function
from dataclasses import dataclass
from transformers import AutoModel
@dataclass
class ModelArgs:
    name: str = "gpt2"
    revision: str = "main"
def load(a):
    return AutoModel.from_pretrained(a.name, revision=a.revision)  #> transformers.AutoModel.from_pretrained("gpt2", revision="v1")
load(ModelArgs(revision="v1"))  #> load(?) ;; ModelArgs(revision="v1")

#### model name from a dict of configs in a loop
from transformers import AutoModel
CONFIGS = {"small": {"name": "a/s", "rev": "1"}, "big": {"name": "a/b", "rev": "2"}}
for key, cfg in CONFIGS.items():
    AutoModel.from_pretrained(cfg["name"], revision=cfg["rev"])  #> transformers.AutoModel.from_pretrained("a/s" | "a/b", revision="1" | "2")

#### model name from a dict by an unknown key
import sys
from transformers import AutoModel
NAMES = {"s": "a/small", "l": "a/large"}
AutoModel.from_pretrained(NAMES[sys.argv[1]])  #> transformers.AutoModel.from_pretrained("a/small" | "a/large")

#### model name from a class attribute
from transformers import AutoModel
class Encoder:
    NAME = "org/enc"
    def __init__(self):
        self.model = AutoModel.from_pretrained(self.NAME)  #> transformers.AutoModel.from_pretrained("org/enc")
    def run(self, x):
        return self.model.forward(x)  #> transformers.AutoModel.forward(?)

#### model name from os.path.join
import os
from transformers import AutoModel
ROOT = "/models"
path = os.path.join(ROOT, "bert", "v" + str(2))
AutoModel.from_pretrained(path, local_files_only=True)  #> transformers.AutoModel.from_pretrained("/models/bert/v2", local_files_only=true)

#### model name from the environment
import os
from transformers import AutoModel
NAME = os.environ.get("MODEL_ID", "org/m")
REV = os.getenv("REV", "main")
AutoModel.from_pretrained(NAME, revision=REV)  #> transformers.AutoModel.from_pretrained("org/m", revision="main")

#### model name from a default argument
from transformers import AutoModel
def load(name="org/m", device="cpu", **kw):
    return AutoModel.from_pretrained(name, **kw).to(device)  #> transformers.AutoModel.from_pretrained("org/m", torch_dtype="auto") ;; transformers.AutoModel.to("cpu")
load(torch_dtype="auto")  #> load(torch_dtype="auto")

#### model name from a constant of another file
#file constants.py
HUB = "org"
MODELS = {"enc": HUB + "/enc"}
#file main.py
from constants import MODELS
from transformers import AutoModel
AutoModel.from_pretrained(MODELS["enc"])  #> transformers.AutoModel.from_pretrained("org/enc")

#### model name chosen by a flag
import argparse
from transformers import AutoModel
p = argparse.ArgumentParser()
p.add_argument("--large", action="store_true")
args = p.parse_args()
name = "org/large" if args.large else "org/small"
AutoModel.from_pretrained(name)  #> transformers.AutoModel.from_pretrained("org/small")

#### model class from a dict of tuples
from transformers import BertConfig, BertModel, GPT2Config, GPT2Model
CLASSES = {"bert": (BertConfig, BertModel), "gpt2": (GPT2Config, GPT2Model)}
config_class, model_class = CLASSES["gpt2"]
cfg = config_class.from_pretrained("gpt2")  #> transformers.GPT2Config.from_pretrained("gpt2")
m = model_class.from_pretrained("gpt2", config=cfg)  #> transformers.GPT2Model.from_pretrained("gpt2", config=?)

#### model class by getattr
import transformers
kind = "ForCausalLM"
cls = getattr(transformers, "AutoModel" + kind)
m = cls.from_pretrained("org/m")  #> transformers.AutoModelForCausalLM.from_pretrained("org/m")
m.generate(max_length=5)  #> transformers.AutoModelForCausalLM.generate(max_length=5)

#### keyword arguments of from_pretrained in a dict
from transformers import AutoModel
kw = dict(revision="abc", use_safetensors=True)
if input():
    kw["trust_remote_code"] = True
AutoModel.from_pretrained("m", revision=kw["revision"])  #> transformers.AutoModel.from_pretrained("m", revision="abc")
opts = {**{"revision": "x"}, "subfolder": "y"}
AutoModel.from_pretrained("m", **opts)  #> transformers.AutoModel.from_pretrained("m", revision="x", subfolder="y")

#### pipeline with task and model
from transformers import pipeline
task = "-".join(["text", "generation"])
pipe = pipeline(task, model="gpt2", device=0)  #> transformers.pipeline("text-generation", model="gpt2", device=0)
pipe("hello")  #> ~pipe("hello")

#### torch.hub.load
import torch
repo, entry = "pytorch/vision:v0.10.0", "resnet18"
m = torch.hub.load(repo, entry, pretrained=True)  #> torch.hub.load("pytorch/vision:v0.10.0", "resnet18", pretrained=true)
m.eval()  #> ~m.eval()

#### torch.load of a joined path
import os, torch
CKPT = "ckpt"
for epoch in range(2):
    path = os.path.join(CKPT, f"e{epoch:02d}.pt")
    sd = torch.load(path, map_location="cpu")  #> torch.load("ckpt/e00.pt" | "ckpt/e01.pt", map_location="cpu")

#### from_pretrained through a subclass of an imported class
from transformers import PreTrainedModel
class MyModel(PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)  #> super() ;; transformers.PreTrainedModel.__init__(?)
m = MyModel.from_pretrained("org/m")  #> transformers.PreTrainedModel.from_pretrained("org/m")

#### from_pretrained as a function value
from functools import partial
from transformers import AutoModel
load = AutoModel.from_pretrained
load("a")  #> transformers.AutoModel.from_pretrained("a")
pinned = partial(load, revision="r1")
pinned("b")  #> transformers.AutoModel.from_pretrained("b", revision="r1")

#### hub download with names from self
from huggingface_hub import hf_hub_download as dl
class Repo:
    def __init__(self, repo, files=("config.json", "w.bin")):
        self.repo, self.files = repo, files
    def fetch(self):
        return [dl(self.repo, filename=f) for f in self.files]  #> huggingface_hub.hf_hub_download("org/m", filename="config.json" | "w.bin")
Repo("org/m").fetch()  #> Repo("org/m") ;; Repo.fetch()

#### dataset split names
from datasets import load_dataset
train, test = [load_dataset("squad", split=s) for s in ("train", "test")]  #> datasets.load_dataset("squad", split="train" | "test")
load_dataset("json", data_files={"train": "a.json"})  #> datasets.load_dataset("json", data_files={"train": "a.json"})

#### config object overrides a name
from types import SimpleNamespace
from transformers import AutoModel
cfg = SimpleNamespace(model=SimpleNamespace(name="old"))
cfg.model.name = "org/" + "new"
AutoModel.from_pretrained(cfg.model.name)  #> transformers.AutoModel.from_pretrained("org/new")

#### json config in the source
import json
from transformers import AutoModel
CFG = json.loads("""{"model": {"id": "org/m", "kwargs": {"revision": "r"}}}""")
AutoModel.from_pretrained(CFG["model"]["id"], **CFG["model"]["kwargs"])  #> transformers.AutoModel.from_pretrained("org/m", revision="r")

#### yaml config is unknown
import yaml
from transformers import AutoModel
cfg = yaml.safe_load(open("c.yml"))
AutoModel.from_pretrained(cfg["model"], revision="r")  #> transformers.AutoModel.from_pretrained(?, revision="r")
AutoModel.from_pretrained(cfg.get("x", "d"))  #> transformers.AutoModel.from_pretrained(?) ;; ~cfg.get("x", "d")

#### fallback to another model in except
from transformers import AutoModel
try:
    m = AutoModel.from_pretrained("org/private")  #> transformers.AutoModel.from_pretrained("org/private")
    name = "org/private"
except OSError:
    name = "org/public"
AutoModel.from_pretrained(name)  #> transformers.AutoModel.from_pretrained("org/private" | "org/public")

#### model name hidden by a homemade mirror function
from transformers import AutoModel
MIRROR = "https://hf.mirror/"
def resolve(name, *, mirror=None):
    return (mirror or "").rstrip("/") + ("/" if mirror else "") + name
AutoModel.from_pretrained(resolve("a/b", mirror=MIRROR))  #> transformers.AutoModel.from_pretrained("https://hf.mirror/a/b") ;; resolve("a/b", mirror="https://hf.mirror/")
AutoModel.from_pretrained(resolve("c"))  #> transformers.AutoModel.from_pretrained("c") ;; resolve("c")

#### sequential of layers in a module's constructor
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, dims=(4, 8, 2)):
        super().__init__()
        layers = []
        for i, o in zip(dims, dims[1:]):
            layers.append(nn.Linear(i, o))  #> list.append(?) ;; torch.nn.Linear(4 | 8, 8 | 2)
        self.net = nn.Sequential(*layers)  #> torch.nn.Sequential(?, ?)
    def forward(self, x):
        return self.net.forward(x)  #> torch.nn.Sequential.forward(?)
