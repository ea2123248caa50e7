#### plain import of a module
import os
cmd = "ls"
os.system(cmd)  #> os.system("ls")

#### import with as
import subprocess as sp
sp.run(["ls", "-l"])  #> subprocess.run(["ls", "-l"])
sp.call("id", shell=True)  #> subprocess.call("id", shell=true)

#### from import
from os import system
from shutil import rmtree, copyfile
rmtree("/tmp/x")  #> shutil.rmtree("/tmp/x")
copyfile("a", "b")  #> shutil.copyfile("a", "b")
system("ls")  #> os.system("ls")

#### from import with as
from subprocess import Popen as P, check_output as co
co("id")  #> subprocess.check_output("id")
P(["sh"])  #> subprocess.Popen(["sh"])

#### from a nested package with as
from torch.utils.data import DataLoader as DL, random_split as rs
loader = DL([1, 2], batch_size=2)  #> torch.utils.data.DataLoader([1, 2], batch_size=2)
rs([1, 2, 3], [2, 1])  #> torch.utils.data.random_split([1, 2, 3], [2, 1])

#### dotted import binds the top name only
import os.path
p = os.path.join("a", "b")  #> os.path.join("a", "b")  #= p: "a/b"
os.system("ls")  #> os.system("ls")

#### dotted import with as binds the leaf
import xml.etree.ElementTree as ET
import torch.nn.functional as F
ET.parse("f.xml")  #> xml.etree.ElementTree.parse("f.xml")
F.relu(1)  #> torch.nn.functional.relu(1)

#### several modules in one import statement
import json, sys as system, shutil as sh
sh.move("a", "b")  #> shutil.move("a", "b")
x = json.loads("[1]")  #> json.loads("[1]")  #= x: [1]
system.setrecursionlimit(99)  #> sys.setrecursionlimit(99)

#### import list in parentheses over several lines
from subprocess import (
    run,  # a comment
    call as c,
)
run("a")  #> subprocess.run("a")
c("b")  #> subprocess.call("b")

#### two dotted imports share their top name
import urllib.parse
import urllib.request
x = urllib.parse.unquote("%6cs")  #> urllib.parse.unquote("%6cs")  #= x: "ls"
urllib.request.urlopen("http://h/")  #> urllib.request.urlopen("http://h/")

#### import inside a function is not visible outside
def f():
    import subprocess as sp
    sp.run("a")  #> subprocess.run("a")
f()
try:
    sp.run("b")  #> ~sp.run("b")
except NameError:
    pass

#### try import except ImportError names the first
try:
    import simplejson as json_impl
except ImportError:
    import json as json_impl
json_impl.dump(1, None)  #> simplejson.dump(1, null)

#### try import of a class with a fallback of None
try:
    from yaml import CSafeLoader as Loader, load
except ImportError:
    Loader = None
    from yaml import load
load("a: 1", Loader=Loader)  #> yaml.load("a: 1", Loader=?)

#### import on both sides of an unknown if
import sys
if sys.argv[1] == "fast":
    from ujson import loads as parse
else:
    from rapidjson import loads as parse
parse("{}")  #> ujson.loads("{}")

#### import chosen by a known constant
USE_TORCH = False
if USE_TORCH:
    import torch as backend
else:
    import numpy as backend
backend.load("w.bin")  #> numpy.load("w.bin")

#### relative import of a name
from .utils import download
from .core.net import fetch as get
download("u")  #> .utils.download("u")
get("v")  #> .core.net.fetch("v")

#### relative import of a module
from . import loader
from .. import shared as sh
loader.load("w")  #> .loader.load("w")
sh.log.info("x")  #> ..shared.log.info("x")

#### relative import from two levels up
from ..common.io import reader
from ... import top
reader.read("f")  #> ..common.io.reader.read("f")
top.go("g")  #> ...top.go("g")

#### star import of a library
from subprocess import *
check_call(["ls"])  #> subprocess.check_call(["ls"])
print("done")  #> print("done")

#### a later import replaces an earlier one
from json import load
load("a")  #> json.load("a")
from pickle import load
load("b")  #> pickle.load("b")

#### import in a class body becomes a class attribute
class Tool:
    import subprocess as sp
    def go(self):
        self.sp.call("x")  #> subprocess.call("x")
Tool.sp.run("y")  #> subprocess.run("y")
Tool().go()  #> Tool() ;; Tool.go()

#### imported name shadows a builtin
open("a")  #> open("a")
from codecs import open
open("b", "r", "utf-8")  #> codecs.open("b", "r", "utf-8")

#### global import done by a function
def setup():
    global np
    import numpy as np
setup()  #> setup()
np.load("w.npy", allow_pickle=True)  #> numpy.load("w.npy", allow_pickle=true)

#### statements joined by semicolons
import os; cmd = "l"; cmd += "s"
import os as o; o.system(cmd); o.popen(cmd)  #> os.system("ls") ;; os.popen("ls")
if cmd: os.remove(cmd); os.rmdir("d")  #> os.remove("ls") ;; os.rmdir("d")

#### future import before others
from __future__ import annotations, division
import os as annotations
annotations.system("ls")  #> os.system("ls")

#### import guarded by type checking
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import requests
def get(s: "requests.Session"):
    s.get("u")  #> requests.Session.get("u")

#### parent import does not lose an aliased submodule
import os.path as path
import os
path, real = os, path
path.system("ls")  #> os.system("ls")
x = real.join("a", "b")  #> os.path.join("a", "b")  #= x: "a/b"

#### import under a backslash continuation
from subprocess \
    import run \
    as go
go \
  ("ls")
go("id")  #> subprocess.run("id")
