import os
total = 0
for i in range(2, 9, 3):
    os.kill(i, 9)
    total += i
os.kill(total, 1)

