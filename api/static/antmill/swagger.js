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

// Asks as the reader who gave `key`; nothing where the service wants another one.
const asking = (key) => async (path) => {
  const answer = await fetch(path, { headers: key ? { Authorization: `Bearer ${key}` } : {} });
  return answer.ok ? answer : null;
};

// Examples name ids that nobody can know before; where the service has some, they stand in their place.
async function withIds(document, key) {
  const ask = asking(key);
  const newest = async (path) => (await (await ask(`/v1/${path}`))?.json())?.items ?? [];
  const [plans, posted] = await Promise.all([newest("schedules?limit=2"), newest("order-books?limit=1")]);
  const book = plans[0]?.order_book ?? posted[0]?.id;
  if (!book) return document;
  const plant = posted[0]?.id ?? book; // a book that was revised is frozen to its own orders
  const [jobs, scenarios, released, content, table] = await Promise.all([
    newest("jobs?limit=1"), newest("scenarios?limit=1"), newest("job-orders?state=AllowedToStart&limit=1"),
    ask(`/v1/order-books/${book}/content`), ask(`/v1/order-books/${plant}/orders?format=csv`),
  ]);
  const ids = {
    job: jobs[0]?.id, schedule: plans[0]?.id, first: plans.at(-1)?.id, second: plans[0]?.id, plant,
    order: (await content?.json())?.orders[0].id, order_book: book, scenario: scenarios[0]?.id, item: "job-small",
  };
  const rows = (await table?.text())?.split("\r\n").slice(0, 4).join("\r\n");
  const known = { [`ob-${"0".repeat(26)}`]: book, [`jo-${"0".repeat(26)}`]: released[0]?.id };
  const text = Object.entries(known).reduce((all, [none, id]) => (id ? all.replaceAll(none, id) : all), JSON.stringify(document));
  const filled = JSON.parse(text);
  for (const methods of Object.values(filled.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const one of method === "delete" ? [] : operation.parameters ?? []) {
        if ((one.in === "path" || one.name === "plant") && ids[one.name]) one.example = ids[one.name];
      }
      const csv = operation.requestBody?.content["text/csv"];
      if (csv && rows) csv.example = rows;
    }
  }
  return filled;
}

async function start() {
  const place = document.getElementById("swagger-ui");
  const read = await (await fetch(place.dataset.openapi)).json();
  // A key shows more than the page could see without one.
  const fillAgain = ({ specActions }) => ({
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original) => (payload) => {
            const { value } = Object.values(payload)[0];
            withIds(read, value).then((filled) => specActions.updateJsonSpec(filled)).catch(() => {});
            return original(payload);
          },
        },
      },
    },
  });
  window.ui = SwaggerUIBundle({
    spec: await withIds(read).catch(() => read),
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [showSvg, fillAgain],
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
