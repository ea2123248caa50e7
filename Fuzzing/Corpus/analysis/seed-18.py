import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd
a, b = A("1"), A("2")
os.system(a.cmd)
os.system(b.cmd)

