#### parameter annotated with an imported class
import requests
def f(s: requests.Session, url: str = "u"):
    s.get(url)  #> requests.Session.get("u")
    s.x.y()  #> ~s.x.y()

#### parameter annotated with an optional class
from typing import Optional, Union
from requests import Session as S
def f(a: Optional[S] = None, *, b: Union[S, None]):
    a.get("1")  #> requests.Session.get("1")
    b.put("2")  #> requests.Session.put("2")

#### parameter annotated with a union by a bar
import requests
def f(s: requests.Session | None):
    if s is not None:
        s.get("u")  #> requests.Session.get("u")

#### annotation as a string
import requests as r
def f(s: "r.Session"):
    s.get("u")  #> requests.Session.get("u")

#### parameter annotated with a builtin type
def f(xs: list, d: dict[str, int], s: str):
    xs.append("a")  #> list.append("a")
    d.get("k")  #> dict.get("k")
    s.strip().upper()  #> str.strip() ;; str.upper()

#### parameter annotated with an own class
import os
class Runner:
    cmd = "ls"
    def run(self, x):
        os.system(self.cmd)  #> os.system("ls")
def f(r: Runner):
    r.run("a")  #> Runner.run("a")

#### typing.cast
import os
from typing import cast, Any
x: Any = "l" + "s"
y = cast(str, x)  #> typing.cast(?, "ls")  #= y: "ls"
os.system(cast("str", y))  #> os.system("ls") ;; typing.cast("str", "ls")

#### typing.cast to an imported class
import requests, typing
def f(x):
    s = typing.cast(requests.Session, x)
    s.get("u")  #> requests.Session.get("u")

#### annotated attribute of self
import requests
class Client:
    session: requests.Session
    def __init__(self, session: requests.Session):
        self.session = session
    def get(self, u="u"):
        return self.session.get(u)  #> requests.Session.get("u")

#### with statement over an imported class
import requests
with requests.Session() as s, open("f") as f:
    s.get("u")  #> requests.Session.get("u")
s.close()  #> requests.Session.close()

#### annotation does not beat the value
import os
def f(x: int = "text"):
    return x.upper()  #> str.upper()
os.system(f())  #> os.system("TEXT") ;; f()

#### isinstance narrows a parameter
import requests
def f(x):
    if isinstance(x, requests.Session):
        x.get("u")  #> requests.Session.get("u")
    x.get("v")  #> ~x.get("v")

#### type alias in an annotation
import requests
Session = requests.Session
def f(s: Session):
    s.get("u")  #> requests.Session.get("u")

#### final and classvar annotations keep values
import os
from typing import ClassVar, Final
NAME: Final = "bert"
class A:
    rev: ClassVar[str] = "main"
os.system(NAME + A.rev)  #> os.system("bertmain")

#### newtype and typevar leave the value alone
import os
from typing import NewType, TypeVar
Cmd = NewType("Cmd", str)
T = TypeVar("T")
def same(x: T) -> T: return x
c = same(Cmd("ls"))  #= c: "ls"
os.system(c)  #> os.system("ls")

#### generic own class with a subscript
import os
from typing import Generic, TypeVar
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
b = Box[str]("ls")  #> Box("ls")
os.system(b.v)  #> os.system("ls")
