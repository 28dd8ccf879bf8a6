<<<<<<<< HEAD:web/dist/assets/GolfersView-DJEjFgBN.js
export{t as default,n as joining,r as whenIn}from"./GolfersView-ClLcJRIB.js";
========
export{t as default,n as joining,r as whenIn}from"./GolfersView-BBd-Ivsw.js";
>>>>>>>> 45c5a1a4 (Let golfers have a photo, and lists that show a golfer hear that it is another now):web/dist/assets/GolfersView-x9hPpR14.js
