import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd
    def run(self):
        os.system(self.cmd)
A("x").run()
A("y").run()

