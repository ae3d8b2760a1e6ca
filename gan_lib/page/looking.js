// Says that somebody looks at a tool whose game plays in the kernel, and that its cell is closed:
// a game that nobody sees ends (gan_lib/widgets/playing.py).

const OFTEN = 10_000; // milliseconds between two words

function render({ model }) {
  const timer = setInterval(() => model.send({ wants: "seen" }), OFTEN);
  return () => {
    clearInterval(timer);
    model.send({ wants: "nothing" });
  };
}

export default { render };
