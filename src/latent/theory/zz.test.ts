import { it } from 'vitest';
import * as T from './index.js';
it('x', () => {
  for (const o of [{name:'rmsprop',lr:1e-2,alpha:.99,eps:1e-8,centered:true},{name:'rmsprop',lr:1e-2,alpha:.99,eps:1e-8,centered:false},{name:'adam',lr:1e-2,beta1:.9,beta2:.999,eps:1e-8},{name:'adam',lr:5e-2,beta1:.9,beta2:.999,eps:1e-8},{name:'adam',lr:5e-2,beta1:.9,beta2:.99,eps:1e-8}] as const) {
    const d=T.descend({optimizer:o,start:{mu:2,sigma:.3},steps:4000});
    const hit = d.kl.findIndex(k=>k<1e-10);
    const tail=d.kl.slice(hit); const worst=Math.max(...tail); const at=hit+tail.indexOf(worst);
    console.log(JSON.stringify(o), 'first<1e-10', hit, 'worst after', worst, at, d.mu[at], d.sigma[at], 'min',Math.min(...d.kl), T.klNeverRises(d).largestRise, T.crossings(d.mu), T.crossings(d.sigma,1));
    console.log(d.kl.filter((_,i)=>i%200===0).map(v=>v.toExponential(0)).join(' '));
  }
  for (const f of [2.9,3,4,6]) for (const s of [.001,.02,.1,.3]) { const b=T.heavyBall({start:{mu:0,sigma:s},friction:f,duration:20,samples:2000}); console.log(f,s,T.winding(b).crossings.sigma, Math.max(...b.sigma)); }
});
