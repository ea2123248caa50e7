cfg = {"host": "h", "port": 80}
x = "%(host)s:%(port)d" % cfg
y = "%(port)05d" % cfg

