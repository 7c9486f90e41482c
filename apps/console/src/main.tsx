import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './styles/page.css';
import './styles/lists-and-forms.css';
import './styles/round.css';
import './styles/case.css';
// Last: they change what stands before them.
import './styles/narrow-and-printed.css';

createRoot(document.getElementById('root') as HTMLElement).render(<App />);
