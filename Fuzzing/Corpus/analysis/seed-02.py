n = 3
x = "a%d" "b%d" % (n, n + 1)
y = "a" + "%s" % n + "c"

