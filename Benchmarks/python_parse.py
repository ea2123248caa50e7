#!/usr/bin/env python3
"""The peers' side: parses every file of a list with CPython's `ast` or with tree-sitter, single thread.

usage: python_parse.py ast|tree-sitter LIST
"""
import ast, sys, warnings

warnings.simplefilter("ignore")
files = open(sys.argv[2]).read().split("\n")[:-1]
failed = 0
if sys.argv[1] == "ast":
    for path in files:
        with open(path, "rb") as file: text = file.read()
        try: ast.parse(text)
        except (SyntaxError, ValueError): failed += 1
else:
    import tree_sitter, tree_sitter_python
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    for path in files:
        with open(path, "rb") as file: text = file.read()
        if parser.parse(text).root_node.has_error: failed += 1
print(f"{len(files)} files, {failed} refused")
