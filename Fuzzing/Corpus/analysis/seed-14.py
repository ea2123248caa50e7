s = ""
for a, b in zip("lsx", ["1", "2"]):
    s += a + b
t = s

