import os
a = "l"
b = a + "s" + " " + "-a"
os.system(b)

