import os
for c in ["a", "b", "c"]:
    os.system(c)

