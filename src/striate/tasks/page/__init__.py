"""The page report.html of a run: one file with everything that was measured.

Charts are drawn as SVG with the page's own colours, so that they follow light and dark.
"""
