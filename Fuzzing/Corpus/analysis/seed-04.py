x = "rm %s" % "file"
y = "%d%%" % 50
z = "%r" % "q"

