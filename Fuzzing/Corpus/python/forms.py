import a.b as c
from .. import d
@e
async def f[T: int](g, /, h=1, *i: j, k, **l) -> m:
    async with (n as o, p): await q
    for r, *s in t: yield from u
    else: return lambda v=1: v
class W(X, metaclass=Y):
    z: int = 0x1f + 1_0 ** -1.5e3j
try: raise E from None
except* (A, B) as g: pass
finally: del x[1:2, ...], y.z
match x:
    case {"k": [1, *_], **r} | C(a, b=-1 + 2j) if c: pass
print(f"{a!r:>{w}} {b=}" 'c' rb"d", t"{x}") if (y := 1) else not z
global x
x = {**a, 1: 2}, {*b}, [i for i in j if k], (yield)
type X = list[T]
print "a", `b` <> c
exec d in e
