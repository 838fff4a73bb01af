document.querySelector('#hand-over').submit();
