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

window.ui = SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.openapi,
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
