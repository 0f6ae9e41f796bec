import { chromium } from 'playwright-core'; import {readFileSync} from 'node:fs';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
for (const name of process.argv.slice(2)) {
 for (const [k,o] of [['light',{colorScheme:'light',viewport:{width:1100,height:800}}],['dark',{colorScheme:'dark',viewport:{width:1100,height:800}}],['phone',{viewport:{width:390,height:844}}]]) {
  const c=await b.newContext(o); const t=await c.newPage(); t.on('console',m=>console.log(name,k,m.text()));
  await t.goto('file:///tmp/w/report-out/'+name+'.html'); 
  await t.screenshot({path:`/tmp/w/report-out/${name}-${k}.png`,fullPage:true}); 
  console.log(name,k,await t.evaluate(()=>[document.documentElement.scrollWidth-document.documentElement.clientWidth,document.body.scrollHeight]));
  if(k==='light'){const pdf=await t.pdf({format:'A4',path:`/tmp/w/report-out/${name}.pdf`,preferCSSPageSize:false}); console.log(name,'pages',(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)||[]).length);
   await t.emulateMedia({media:'print'}); await t.setViewportSize({width:690,height:980}); await t.screenshot({path:`/tmp/w/report-out/${name}-print.png`,fullPage:true});}
  await t.evaluate(readFileSync('node_modules/axe-core/axe.min.js','utf8'));
  const r=await t.evaluate(()=>axe.run()); for(const v of r.violations) console.log('AXE',v.id,v.help,v.nodes.length,v.nodes.slice(0,3).map(n=>n.html.slice(0,200)+' '+n.failureSummary));
  await c.close();
 }}
await b.close();
