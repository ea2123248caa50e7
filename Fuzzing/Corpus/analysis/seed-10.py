s = ""
for c in "metsys":
    s = c + s
t = s

