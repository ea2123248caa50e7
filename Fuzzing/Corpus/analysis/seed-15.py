import os
cfg = {"user": "bob", "host": "h"}
for k, v in cfg.items():
    os.putenv(k, v)

