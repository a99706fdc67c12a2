"""The analysis report of a process as it is (现状流程分析报告), out of the cases it had."""
