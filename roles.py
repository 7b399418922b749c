from PySide6.QtWidgets import *; from PySide6.QtGui import *; from PySide6.QtCore import *
app=QApplication([]); app.setStyle("Fusion")
names="window window-text base alternate-base text button button-text bright-text light midlight dark mid shadow highlight highlighted-text link link-visited placeholder-text accent tooltip-base tooltip-text tool-tip-base tool-tip-text no-role".split()
R=QPalette.ColorRole
p=QPalette()
for i,r in enumerate([x for x in R if x not in (R.NColorRoles,)]):
    p.setColor(r,QColor(10+i*5,0,0))
app.setPalette(p)
app.setStyleSheet("\n".join(f'QFrame[n="{n}"] {{ background: palette({n}); color: palette({n}); border: none }}' for n in names))
fs=[]
for n in names:
    f=QLabel("hi"); f.setProperty("n",n); f.setAutoFillBackground(False); f.resize(20,20); f.show(); fs.append(f)
    c=f.grab().toImage().pixelColor(19,19)
    print(n, [r.name for r in R if r not in (R.NColorRoles,) and p.color(r)==c], f.palette().color(R.WindowText).name())
q=QPalette(p)
for r in R:
    if r!=R.NColorRoles: q.setColor(r,QColor(0,0,200))
app.setPalette(q)
print("after palette:", [f.grab().toImage().pixelColor(19,19).name() for f in fs][:4], fs[0].palette().color(R.WindowText).name())
class T(QTimer): pass
for f in fs: app.style().polish(f)
print("after polish:", [f.grab().toImage().pixelColor(19,19).name() for f in fs][:4], fs[0].palette().color(R.WindowText).name())
