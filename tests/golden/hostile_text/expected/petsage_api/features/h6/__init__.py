"""# Heading
- list
| a | b |
```python
import os
```
\ttab"""
