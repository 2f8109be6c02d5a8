"""\"\"\"
import os; os.system('touch PWNED')
""\x22"""
