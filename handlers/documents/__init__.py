"""Documents that a case leaves: one neutral model, drawn as PDF and as DOCX.

`report.py` builds a `model.Document` from a case, all in words of the reader's language;
`render_pdf.py` and `render_docx.py` draw any such document and know nothing of cases.
"""
