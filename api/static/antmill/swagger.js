// Starts Swagger UI. Its own response view prints SVG as text; this one shows the picture.
"use strict";

const showSvg = () => ({
  wrapComponents: {
    responseBody: (Original, { React }) => (props) => {
      const isSvg = /svg/i.test(props.contentType || "") && typeof props.content === "string";
      if (!isSvg) return React.createElement(Original, props);
      const source = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(props.content);
      const style = { maxWidth: "100%", background: "#fff" };
      return React.createElement(
        "div",
        { className: "antmill-svg" },
        React.createElement("h5", null, "Response body"),
        React.createElement("img", { src: source, alt: "Gantt chart of the schedule", style }),
        React.createElement("p", null, React.createElement("a", { href: props.url }, "Open alone")),
      );
    },
  },
});

// The newest of a list; none where the list wants a key.
const newest = async (path) => {
  const answer = await fetch(path);
  return answer.ok ? (await answer.json()).items : [];
};

// Examples name ids that nobody can know before; where the service has some, they stand in their place.
async function withIds(document) {
  const plans = await newest("/v1/schedules?limit=2");
  if (!plans.length) return document;
  const book = plans[0].order_book;
  const [jobs, scenarios, released] = await Promise.all(
    ["jobs?limit=1", "scenarios?limit=1", "job-orders?state=AllowedToStart&limit=1"].map((path) => newest(`/v1/${path}`)),
  );
  const order = (await (await fetch(`/v1/order-books/${book}/content`)).json()).orders[0].id;
  const ids = {
    job: jobs[0]?.id, schedule: plans[0].id, first: plans.at(-1).id, second: plans[0].id, order,
    order_book: book, scenario: scenarios[0]?.id, item: "job-small",
  };
  for (const methods of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const one of method === "delete" ? [] : operation.parameters ?? []) {
        if (one.in === "path" && ids[one.name]) one.example = ids[one.name];
      }
    }
  }
  const text = JSON.stringify(document).replaceAll(`ob-${"0".repeat(26)}`, book);
  return JSON.parse(released.length ? text.replaceAll(`jo-${"0".repeat(26)}`, released[0].id) : text);
}

async function start() {
  const place = document.getElementById("swagger-ui");
  const read = await (await fetch(place.dataset.openapi)).json();
  window.ui = SwaggerUIBundle({
    spec: await withIds(read).catch(() => read),
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [showSvg],
    layout: "BaseLayout",
    validatorUrl: null,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    persistAuthorization: false,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
  });
}

start();
