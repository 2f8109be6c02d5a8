"""\\>>> import os
\\>>> os.remove('x')
\x23 -*- coding: rot13 -*-
\x3c<<<<<< HEAD\n"""
