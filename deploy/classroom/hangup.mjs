// Ends what the proxy still asks of a server whose route is taken away. A node that died would never end it: a browser
// would wait for minutes, and an open JupyterLab would not learn that its server is gone.
// It lies beside the installed proxy, which loads it first.
import { ConfigurableProxy } from "./node_modules/configurable-http-proxy/lib/configproxy.js";

const { removeRoute, handleProxyWs } = ConfigurableProxy.prototype;
const websockets = new Set();

ConfigurableProxy.prototype.handleProxyWs = function (...upgrade) {
  if (!this.proxy.listenerCount("open")) {
    this.proxy.on("open", (socket) => {
      websockets.add(socket);
      socket.once("close", () => websockets.delete(socket));
    });
  }
  return handleProxyWs.apply(this, upgrade);
};

ConfigurableProxy.prototype.removeRoute = async function (route) {
  const known = await this._routes.get(route);
  await removeRoute.call(this, route);
  if (known) {
    const { hostname, port } = new URL(known.target);
    for (const socket of [...requests(this, `${hostname}:${port}:`), ...websockets]) {
      if (!websockets.has(socket) || (socket.remoteAddress === hostname && String(socket.remotePort) === port)) {
        socket.destroy();
      }
    }
  }
};

// The sockets of requests to a host and port, also of those that are not connected yet.
function requests(proxy, name) {
  return [proxy.httpAgent, proxy.httpsAgent]
    .flatMap((agent) => [...Object.entries(agent.sockets), ...Object.entries(agent.freeSockets)])
    .filter(([key]) => key.startsWith(name))
    .flatMap(([, sockets]) => sockets);
}
