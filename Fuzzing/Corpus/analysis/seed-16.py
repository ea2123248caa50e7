import os
class A:
    def run(self, cmd):
        os.system(cmd)
a = A()
a.run("ls")

