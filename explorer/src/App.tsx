import { Link, Route, Router, Switch } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { useSettings } from "./chain/settings.ts";
import { ClaimPage } from "./claims/ClaimPage.tsx";
import { ClaimsPage } from "./claims/ClaimsPage.tsx";
import { SettingsPage } from "./settings/SettingsPage.tsx";
import { ErrorBoundary } from "./ui/ErrorBoundary.tsx";
import { Page } from "./ui/Page.tsx";
import { VerifyPage } from "./verify/VerifyPage.tsx";

export function App() {
  const { rpcUrl } = useSettings();
  const host = URL.parse(rpcUrl)?.host ?? rpcUrl;
  return (
    <Router hook={useHashLocation}>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault(); // the address's hash is the route
          document.querySelector<HTMLElement>("#content h1")?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className="bar">
        <Link href="/" className="brand">
          Trainproof
        </Link>
        <nav aria-label="Main">
          <NavLink href="/">Claims</NavLink>
          <NavLink href="/verify">Verify files</NavLink>
          <NavLink href="/settings">Settings</NavLink>
        </nav>
        <span className="quiet chain" title={host}>
          {host}
        </span>
      </header>
      <ErrorBoundary>
        <Switch>
          <Route path="/" component={ClaimsPage} />
          <Route path="/claims/*" component={ClaimsPage} />
          <Route path="/verify" component={VerifyPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="/claim/:id">{({ id }) => <ClaimPage key={id} id={id} />}</Route>
          <Route>
            <Page title="No such page">
              <p>
                <Link href="/">All claims</Link>
              </p>
            </Page>
          </Route>
        </Switch>
      </ErrorBoundary>
      <footer>
        <p>
          The registry checks no proofs: it records who said what. Trust verifiers whom you have
          chosen, or verify here, in this tab.
        </p>
      </footer>
    </Router>
  );
}

function NavLink({ href, children }: { href: string; children: string }) {
  const [location] = useHashLocation();
  const here = location === href || (href === "/" && location.startsWith("/claim"));
  return (
    <Link href={href} aria-current={here ? "page" : undefined}>
      {children}
    </Link>
  );
}
