"""\\N{BULLET} \\x41 \\
\x20trailing\\"""
