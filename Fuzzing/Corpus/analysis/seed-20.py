import os
class A:
    def __init__(self, name="bert"):
        self.name = name
        self.size = "base"
    def load(self):
        os.system(self.name + self.size)

