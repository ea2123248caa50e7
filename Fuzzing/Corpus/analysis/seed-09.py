import os
s = ""
for c in ["l", "s", " ", "-a"]:
    s += c
os.system(s)

