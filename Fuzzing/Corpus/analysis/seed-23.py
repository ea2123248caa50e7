import os
class A:
    cmd = "class"
a, b = A(), A()
a.cmd = "inst"
os.system(a.cmd)
os.system(b.cmd)

