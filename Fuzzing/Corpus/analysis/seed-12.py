s = ""
src = "sl"
for i in range(len(src) - 1, -1, -1):
    s += src[i]
t = s

