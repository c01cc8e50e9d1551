// A logged-in browser may try calls from here; its writes need the CSRF token.
const csrfToken = () => (document.cookie.match(/(?:^|; )earshot_csrf=([^;]*)/) || [])[1];

window.ui = SwaggerUIBundle({
  url: document.body.dataset.schema,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (csrfToken() && !["GET", "HEAD"].includes((request.method || "GET").toUpperCase())) {
      request.headers["X-CSRFToken"] = csrfToken();
    }
    return request;
  },
});
