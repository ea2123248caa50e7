import os
s = ""
for i, c in enumerate("abc", start=2):
    s += c * i
os.system(s)

