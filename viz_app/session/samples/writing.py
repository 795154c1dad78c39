"""Continue a typed text token by token; the pass that made each can be stepped."""

from PySide6.QtCore import QObject, QTimer, Signal

from core.options import OptionError
from core.run.inference import Inference
from core.trained import trained_presets
from core.values import Array
from core.writing import Taste, Writer
from viz_app.frame.told.answers import Answer, likely_tokens
from viz_app.frame.told.written import Wish, Written
from viz_app.saved.own import Continued
from viz_app.session.state import State
from viz_app.session.training.trainer import Trainer

PAUSE_MS = 160
"""How long one token is shown before the next, while the network writes on."""
MOST = 400
"""So many tokens are written on without being asked again."""


class Writing(QObject):
    """Asks the network of the iteration that is shown what comes after a text, and lets it write.

    Parameters
    ----------
    state : State
        Whose run it is.
    trainer : Trainer
        Pauses before the pass of a text is stepped.
    """

    changed = Signal(object)
    """A ``Written``."""

    def __init__(self, state: State, trainer: Trainer) -> None:
        super().__init__(state)
        self._state, self._trainer = state, trainer
        self._typed = self._came = self._refusal = ""
        self._taste = Taste()
        self._writer: tuple[object, Writer] | None = None
        self._likelihoods: Array | None = None
        self._shown: Inference | None = None
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._write_on)
        state.inference_changed.connect(self._follow_inference)
        state.experiment_changed.connect(self._follow_run)
        state.frame_changed.connect(self._follow_place)
        self._at: tuple[object, int] = state.trace, state.place.iteration

    @property
    def text(self) -> str:
        """The whole text: what was typed, and what came."""
        return self._typed + self._came

    @property
    def going(self) -> bool:
        """Whether it writes on."""
        return self._timer.isActive()

    @property
    def shown_text(self) -> tuple[str, str] | None:
        """What was typed and what came, while the pass of that text is stepped."""
        return None if self._shown is None else (self._typed, self._came)

    @property
    def continued(self) -> Continued | None:
        """The text, what came, and how the next token is chosen; ``None`` where nobody has typed or chosen anything."""
        continued = Continued(self._typed, self._came, self._taste)
        return None if continued == Continued() else continued

    @property
    def taste(self) -> Taste:
        """How the next token is chosen."""
        return self._taste

    def take_text(self, continued: Continued) -> None:
        """Go on with a text that was saved; nothing of it is stepped."""
        self.stop()
        self._typed, self._came, self._taste = continued.typed, continued.came, continued.taste
        self._shown = None
        if self.text:
            self._ask()
        else:
            self._asking, self._likelihoods = False, None
            self._tell()

    def take_up(self, typed: str, came: str, shown: Inference) -> None:
        """Go on with a text of which the pass is about to be stepped."""
        self.stop()
        self._typed, self._came, self._shown = typed, came, shown
        self._ask()

    def set_taste(self, taste: Taste) -> None:
        """Choose otherwise from now on; what has come stays."""
        self._taste = taste
        self._ask()

    def type(self, text: str) -> None:
        """Take another text, of which nothing has been continued yet."""
        if text == self._typed and not self._came:
            return
        self.stop()
        self._typed, self._came = text, ""
        self._ask()
        if self._shown is not None and not self._refusal:
            self.show()

    def show(self) -> bool:
        """Let the pass of the text be stepped; return whether there is one."""
        writer = self._writer_now()
        if writer is None or not self._admits(writer):
            self._tell()
            return False
        self._trainer.pause()
        first = self._shown is None
        self._shown = writer.inference(self._state.trace.run, self.text)
        last = len(self._shown.program.steps) - 1
        self._state.infer(self._shown, last if first else None)
        self._tell()
        return True

    def next_token(self) -> bool:
        """Write one token, and show the pass of the text with it: what it says comes after; return whether one came."""
        if self._likelihoods is None:
            self._ask()
        if self._likelihoods is None:
            return False
        writer = self._writer_now()
        assert writer is not None
        try:
            token = self._taste.choose(self._likelihoods, len(self._came))
        except OptionError as error:
            self._refuse(str(error))
            return False
        self._came += writer.alphabet.text((token,))
        self._ask()
        return self.show()

    def write_on(self) -> None:
        """Write token after token, until it is stopped."""
        if self.next_token() and not self.going:
            self._timer.start()
            self._tell()

    def stop(self) -> None:
        """Write no more; what has come stays."""
        if self.going:
            self._timer.stop()
            self._tell()

    def begin_again(self) -> None:
        """Forget what came."""
        typed, self._typed = self._typed, ""
        self._came = ""
        self.type(typed)

    def wish(self, wish: Wish) -> None:
        """Do what a person asks of the text; other weights are none of it."""
        match wish:
            case Wish.NEXT:
                self.stop()
                self.next_token()
            case Wish.ON:
                self.write_on()
            case Wish.STOP:
                self.stop()
            case Wish.AGAIN:
                self.begin_again()
            case Wish.STEP:
                self.show()

    def _write_on(self) -> None:
        if len(self._came) >= MOST or not self.next_token():
            self.stop()

    def _writer_now(self) -> Writer | None:
        experiment = self._state.experiment
        if self._writer is None or self._writer[0] is not experiment.network:
            try:
                self._writer = experiment.network, Writer(experiment)
            except OptionError as error:
                self._writer, self._refusal = None, str(error)
                return None
        return self._writer[1]

    def _admits(self, writer: Writer) -> bool:
        try:
            writer.seen(self.text)
        except OptionError as error:
            self._refusal = str(error)
            return False
        self._refusal = ""
        return True

    def _ask(self) -> None:
        """Ask the network what comes next."""
        self._asking, self._likelihoods = True, None
        writer = self._writer_now()
        if writer is not None and self._admits(writer):
            state = self._state.trace.run.state(self._state.place.iteration)
            try:
                self._likelihoods = writer.likelihoods(state, self.text)
            except OptionError as error:
                self._refusal = str(error)
        self._tell()

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        self.stop()
        self._tell()

    def _tell(self) -> None:
        writer = self._writer[1] if self._writer else None
        answers: tuple[Answer, ...] = ()
        if writer is not None and self._likelihoods is not None:
            answers = likely_tokens(writer.alphabet, self._likelihoods, self._taste)
        cut = writer.longest if writer is not None and len(self.text) > writer.longest else None
        shown = self._shown is not None
        told = Written(
            self._typed, self._came, answers, cut, self.going, shown, self._refusal, self._untrained, self._taste
        )
        self.changed.emit(told)

    @property
    def _untrained(self) -> bool:
        """Whether the weights have learnt nothing yet, and trained ones are shipped."""
        state, experiment = self._state, self._state.experiment
        learnt = state.place.iteration > 0 or experiment.now.start == "trained" or experiment.opened is not None
        return not learnt and experiment.preset in trained_presets() and experiment.edit is None

    def _follow_inference(self, inference: Inference | None) -> None:
        """Write no more where something else is stepped."""
        if inference is not self._shown and self._shown is not None:
            self._shown = None
            self.stop()
            self._tell()

    def _follow_run(self) -> None:
        """Ask the network that is open now."""
        self.stop()
        self._shown = None
        if self._asking:
            self._ask()

    def _follow_place(self) -> None:
        """Ask anew on the weights of another iteration, unless many go by."""
        trace, iteration = self._state.trace, self._state.place.iteration
        if self._at[0] is not trace or self._at[1] != iteration:
            self._at = trace, iteration
            if self._asking and not self._state.busy:
                self._ask()
