<<<<<<<< HEAD:web/dist/assets/GolfersView-DGDj-kB8.js
export{t as default,n as joining,r as whenIn}from"./GolfersView-Dq-SeQIZ.js";
========
export{t as default,n as joining,r as whenIn}from"./GolfersView-5N7VDTfu.js";
>>>>>>>> e6e705d6 (Build the board with the feed that it follows):web/dist/assets/GolfersView-DFJXN3H-.js
