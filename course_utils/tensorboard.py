"""TensorBoard inside a notebook: a server of our own that ends with the kernel."""

import atexit
import sys
from pathlib import Path

import ipywidgets

FRAME = '<iframe src="{}" title="TensorBoard" width="100%" height="{}"></iframe>'


class Board(ipywidgets.HTML):
    """TensorBoard in a frame, served by a thread of this process until `close`."""

    def __init__(self, folder: Path, server, height: int):
        self.folder, self._server = folder, server
        self.url = f"http://127.0.0.1:{server.server_port}/"
        super().__init__(FRAME.format(self.url, height))
        self.layout.width = "100%"
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the server; a second time does nothing."""
        atexit.unregister(self.stop)
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def close(self) -> None:
        """End the server, and take the frame out of the notebook."""
        self.stop()
        super().close()

    def __repr__(self) -> str:
        return f"TensorBoard on {self.folder.name}: run this cell to use it"


def panel(folder: str | Path, *, height: int = 640) -> Board | None:
    """Return TensorBoard on the logs in a folder, as a widget.

    It is there at 127.0.0.1 on a free port, needs no network, and ends with the
    kernel. Where it cannot start, one line says so, and nothing else happens.
    """
    try:
        server = _serve(Path(folder))
    except (Exception, SystemExit) as error:
        print(f"TensorBoard can't open here ({error}); history.plot draws the curves")
        return None
    if "google.colab" in sys.modules:  # the browser is on another machine
        from google.colab import output

        output.serve_kernel_port_as_iframe(server.server_port, height=height)
        return None
    return Board(Path(folder), server, height)


def _serve(folder: Path):
    """Return TensorBoard's server, running in a thread, at a free port."""
    from tensorboard import program

    if not any(folder.rglob("*tfevents*")):
        raise FileNotFoundError(f"there is no log in {folder}")
    made = []

    def keep(app, flags):
        made.append(program.WerkzeugServer(app, flags))
        return made[-1]

    board = program.TensorBoard(server_class=keep)
    board.configure(logdir=str(folder), host="127.0.0.1", port=0, load_fast="false")
    board.launch()
    return made[0]
