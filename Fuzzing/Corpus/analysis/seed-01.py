import os
x = "a" 'b' r"\n" """c"""
os.system("l"
          "s")

