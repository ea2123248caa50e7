import os
class A:
    cmd = "ls"
    def run(self):
        os.system(self.cmd)
A().run()
os.system(A.cmd + A().cmd)

