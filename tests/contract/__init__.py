"""The contract suite itself: each check lets a sound vendor pass and catches a broken one."""
