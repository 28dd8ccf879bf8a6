<<<<<<<< HEAD:web/dist/assets/GolfersView-DFJXN3H-.js
export{t as default,n as joining,r as whenIn}from"./GolfersView-5N7VDTfu.js";
========
export{t as default,n as joining,r as whenIn}from"./GolfersView-HpRR4rbW.js";
>>>>>>>> d1e36dd3 (Sell starts by draw: ballots, their entries, a draw that anyone recomputes):web/dist/assets/GolfersView-C9zxpym1.js
