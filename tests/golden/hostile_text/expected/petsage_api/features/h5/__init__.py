"""Zero\u200bwidth, soft\xadhyphen, 🐶, é,\x20
line"""
