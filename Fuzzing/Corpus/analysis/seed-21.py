import os
class A:
    def __init__(self, name, rev="main"):
        self.name, self.rev = name, rev
    def load(self):
        os.execlp(self.name, self.rev)

